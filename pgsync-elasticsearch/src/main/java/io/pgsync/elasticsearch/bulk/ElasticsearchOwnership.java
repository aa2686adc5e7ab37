package io.pgsync.elasticsearch.bulk;

import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.sink.IndexOwnership;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.version.ReadVersions;
import io.pgsync.elasticsearch.BulkSettings;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.index.Generations;
import io.pgsync.elasticsearch.index.IndexInitializer;
import io.pgsync.elasticsearch.index.KeyFields;
import io.pgsync.elasticsearch.index.LoadingSettings;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Takes indexes over, and gives out the sinks that write to them. The sinks share one circuit breaker and one estimate
 * of the engine's load.
 */
public final class ElasticsearchOwnership implements IndexOwnership {
    private final ElasticsearchConnection connection;
    private final IndexInitializer indexes;
    private final Generations generations;
    private final LoadingSettings loading;
    private final KeyFields keys;
    private final BulkEndpoint endpoint;
    private final AdaptiveBatch limits;
    private final BulkRoute.Pauses pauses;

    /**
     * The caller closes {@code connection}. {@code settings}: the limits of a request; a busy engine gets smaller ones.
     */
    public ElasticsearchOwnership(ElasticsearchConnection connection, BulkSettings settings) {
        this(connection, settings, BulkRoute.Pauses.DEFAULT);
    }

    ElasticsearchOwnership(ElasticsearchConnection connection, BulkSettings settings, BulkRoute.Pauses pauses) {
        this.connection = connection;
        this.indexes = new IndexInitializer(connection);
        this.generations = new Generations(connection);
        this.loading = new LoadingSettings(connection);
        this.keys = new KeyFields(connection);
        this.endpoint = new BulkEndpoint(connection);
        this.limits = new AdaptiveBatch(settings);
        this.pauses = pauses;
    }

    @Override
    public Mono<String> indexUuid(String index) {
        return indexes.indexUuid(index);
    }

    @Override
    public Mono<Map<String, String>> histories(String index) {
        return indexes.histories(index);
    }

    @Override
    public Mono<DocumentSink> takeOver(DocumentTree tree, long generation) {
        return connection
                .check()
                .then(Mono.defer(() -> takeOver(Destination.of(tree, generation), ReadVersions.beginOf(generation))))
                .delayUntil(sink -> keys.prove(tree));
    }

    /**
     * Takes over an index whose documents do not come from a tree, and gives the sink that writes them. The documents
     * have no routing and pass no ingest pipeline. The index must exist. Idempotent; fails with
     * {@link io.pgsync.core.checkpoint.StateConflictException} if a greater {@code generation} owns it.
     *
     * @param generation 1 or greater; as soon as a greater one takes the index over, writes of this sink fail
     */
    public Mono<DocumentSink> takeOver(String index, long generation) {
        return connection
                .check()
                .then(Mono.defer(() -> takeOver(new Destination(index, generation, Optional.empty(), false))));
    }

    @Override
    public Mono<Void> beginLoad(String index) {
        return loading.relax(index);
    }

    @Override
    public Mono<Void> endLoad(String index) {
        return loading.restore(index);
    }

    Mono<DocumentSink> takeOver(Destination destination) {
        return takeOver(destination, 0);
    }

    private Mono<DocumentSink> takeOver(Destination destination, long known) {
        return generations
                .takeOver(destination.index(), destination.generation())
                .then(Mono.fromSupplier(() -> sink(destination, known)));
    }

    DocumentSink sink(Destination destination) {
        return sink(destination, 0);
    }

    /**
     * {@code known}: versions up to there were written by earlier generations. A log of work gives again what these have stored in part, so a
     * document may be newer than all that this one has sent, and not be somebody else's.
     */
    DocumentSink sink(Destination destination, long known) {
        var route = new BulkRoute(connection, endpoint, limits, pauses, destination);
        route.sends(known);
        return new ElasticsearchSink(route, destination, new ShardRoutings(connection));
    }
}
