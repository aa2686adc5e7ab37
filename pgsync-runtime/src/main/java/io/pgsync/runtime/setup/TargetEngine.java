package io.pgsync.runtime.setup;

import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.examination.PlannedIndex;
import io.pgsync.elasticsearch.index.IndexAliases;
import io.pgsync.elasticsearch.index.IndexInitializer;
import io.pgsync.elasticsearch.index.KeyFields;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** The operations that a bootstrap needs on the engine. */
interface TargetEngine {
    /** Fails if the engine is away. */
    Mono<Void> check();

    Mono<Boolean> exists(String index);

    /** Gives the UUID of the index, whether it is new or not. */
    Mono<String> createIfMissing(PlannedIndex plan);

    /** Gives the index this name, as an alias; fails with STOP if another index has it. */
    Mono<Void> claimName(String name, String index);

    /** Fails if the index refuses documents without a routing. */
    Mono<Void> checkUnrouted(String index);

    Mono<Void> rememberDeletes(String index);

    /** See {@link io.pgsync.core.sink.IndexOwnership#histories}. */
    Mono<Map<String, String>> histories(String index);

    /** Why some documents may not be found by their keys. */
    Mono<Optional<String>> reasonToLoad(DocumentTree tree);

    /** Makes searches find documents by all keys of the tree. */
    Mono<Void> addKeys(DocumentTree tree);

    /** The last generation that wrote to the index, according to the versions of its documents. */
    Mono<Long> newestGeneration(String index);

    /** An Elasticsearch cluster. */
    final class Elasticsearch implements TargetEngine {
        private final ElasticsearchConnection connection;
        private final IndexInitializer indexes;
        private final KeyFields keys;

        Elasticsearch(ElasticsearchConnection connection) {
            this.connection = connection;
            this.indexes = new IndexInitializer(connection);
            this.keys = new KeyFields(connection);
        }

        @Override
        public Mono<Void> check() {
            return connection.check();
        }

        @Override
        public Mono<Boolean> exists(String index) {
            return indexes.exists(index);
        }

        @Override
        public Mono<String> createIfMissing(PlannedIndex plan) {
            return indexes.createIfMissing(plan.name(), plan.settings(), plan.mappings());
        }

        @Override
        public Mono<Void> claimName(String name, String index) {
            return new IndexAliases(connection).claim(name, index);
        }

        @Override
        public Mono<Void> checkUnrouted(String index) {
            return indexes.checkUnrouted(index);
        }

        @Override
        public Mono<Void> rememberDeletes(String index) {
            return indexes.rememberDeletes(index);
        }

        @Override
        public Mono<Map<String, String>> histories(String index) {
            return indexes.histories(index);
        }

        @Override
        public Mono<Optional<String>> reasonToLoad(DocumentTree tree) {
            return keys.reasonToLoad(tree);
        }

        @Override
        public Mono<Void> addKeys(DocumentTree tree) {
            return keys.add(tree);
        }

        @Override
        public Mono<Long> newestGeneration(String index) {
            return indexes.newestGeneration(index);
        }
    }
}
