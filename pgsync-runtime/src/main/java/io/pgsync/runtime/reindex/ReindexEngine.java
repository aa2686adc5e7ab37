package io.pgsync.runtime.reindex;

import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.index.IndexAliases;
import io.pgsync.elasticsearch.index.IndexInitializer;
import io.pgsync.elasticsearch.index.IndexMove;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** What a reindex does with indexes as a whole. Every operation may be repeated. */
interface ReindexEngine {
    /** The index behind a name: itself, or the one that has the alias; an empty Optional if there is none. */
    Mono<Optional<String>> indexOf(String name);

    /** Moves an alias, in one step, from the index that has it. */
    Mono<Void> give(String name, String index);

    /** Makes all documents visible to searches. */
    Mono<Void> refresh(String index);

    /** The same, and waits a little for the replicas. */
    Mono<Void> ready(String index);

    Mono<Void> delete(String index);

    /** Empty if the index is gone. */
    Mono<String> uuid(String index);

    Mono<Map<String, String>> histories(String index);

    /** See {@link IndexMove#copy}. */
    Mono<Void> copy(String index, String clone);

    /** See {@link IndexMove#replace}. */
    Mono<Void> replace(String index, String clone);

    /** A cluster. */
    record Cluster(ElasticsearchConnection connection) implements ReindexEngine {
        private static final Duration REPLICAS = Duration.ofSeconds(20);

        @Override
        public Mono<Optional<String>> indexOf(String name) {
            return new IndexAliases(connection).indexOf(name);
        }

        @Override
        public Mono<Void> give(String name, String index) {
            return new IndexAliases(connection).move(name, index);
        }

        @Override
        public Mono<Void> refresh(String index) {
            return new IndexMove(connection).refresh(index);
        }

        @Override
        public Mono<Void> ready(String index) {
            return new IndexMove(connection).ready(index, REPLICAS);
        }

        @Override
        public Mono<Void> delete(String index) {
            return new IndexInitializer(connection).delete(index);
        }

        @Override
        public Mono<String> uuid(String index) {
            return new IndexInitializer(connection).indexUuid(index);
        }

        @Override
        public Mono<Map<String, String>> histories(String index) {
            return new IndexInitializer(connection).histories(index);
        }

        @Override
        public Mono<Void> copy(String index, String clone) {
            return new IndexMove(connection).copy(index, clone);
        }

        @Override
        public Mono<Void> replace(String index, String clone) {
            return new IndexMove(connection).replace(index, clone);
        }
    }
}
