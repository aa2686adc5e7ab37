package io.pgsync.elasticsearch.index;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.version.ReadVersions;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import io.pgsync.elasticsearch.RefusedRequestException;
import io.pgsync.elasticsearch.lookup.IndexScan;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * Creates and deletes indexes. Bodies are sent to the engine as the user wrote them, so every field type is possible.
 */
public final class IndexInitializer {
    private final ElasticsearchConnection connection;

    public IndexInitializer(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    /**
     * Creates an index if it is missing, and gives the identifier of the index that then exists; an existing one is
     * never altered.
     *
     * @param settings those of schema.json, below {@code index}
     * @param mappings a complete body from {@link io.pgsync.core.mapping.IndexMappings}
     */
    public Mono<String> createIfMissing(String index, ObjectNode settings, ObjectNode mappings) {
        return ConcreteIndex.find(connection, index)
                .switchIfEmpty(create(index, settings, mappings)
                        .then(Mono.defer(() -> ConcreteIndex.find(connection, index)))
                        .switchIfEmpty(Mono.error(() -> Generations.missing(index))))
                .map(ConcreteIndex::uuid);
    }

    /**
     * Makes an index that somebody else created remember its deletes as long as ours do, unless its owner chose a time.
     */
    public Mono<Void> rememberDeletes(String index) {
        String settings = Paths.index(index) + "/_settings";
        return connection
                .json("read the settings of index \"" + index + "\"", new Request("GET", settings))
                .filter(answer -> answer.findPath("gc_deletes").isMissingNode())
                .flatMap(answer -> {
                    var request = new Request("PUT", settings);
                    request.setJsonEntity("{\"index\":{\"gc_deletes\":\"" + CreationSettings.GC_DELETES + "\"}}");
                    return connection.json("change the settings of index \"" + index + "\"", request);
                })
                .then();
    }

    /** Fails for an index whose documents must have a routing: it refuses every write without one. */
    public Mono<Void> checkUnrouted(String index) {
        return connection
                .json(
                        "read the mapping of index \"" + index + "\"",
                        new Request("GET", Paths.index(index) + "/_mapping"))
                .filter(answer -> answer.findPath("_routing").path("required").asBoolean())
                .flatMap(routed -> Mono.<Void>error(new SyncException(
                        Remedy.STOP,
                        "Index \"" + index + "\" requires a routing, but its document has none (any more). Give it"
                                + " \"routing\", or delete the index and run bootstrap, which creates it again.")));
    }

    /** Empty if there is no such index. */
    public Mono<String> indexUuid(String index) {
        return ConcreteIndex.find(connection, index).map(ConcreteIndex::uuid);
    }

    /** See {@link io.pgsync.core.sink.IndexOwnership#histories}. */
    public Mono<Map<String, String>> histories(String index) {
        return ShardHistories.of(connection, index);
    }

    public Mono<Boolean> exists(String index) {
        return ConcreteIndex.find(connection, index).hasElement();
    }

    /**
     * The newest generation that took the index over, as the index itself shows it; 0 if none did. Fails if the index
     * is missing. The aliases show it or, if they are lost, the versions of the documents: clones, restored and
     * reindexed indexes have no aliases.
     */
    public Mono<Long> newestGeneration(String index) {
        return Mono.zip(
                new Generations(connection).newest(index).map(found -> found.orElse(0)),
                greatestVersion(index).map(ReadVersions::generationOf),
                Math::max);
    }

    /** Reads every document's version; 0 if there are no documents. */
    private Mono<Long> greatestVersion(String index) {
        var scan = new IndexScan(connection);
        return scan.refresh(index).thenMany(scan.versions(index)).reduce(0L, Math::max);
    }

    /** Deletes the index; does nothing if it is missing. */
    public Mono<Void> delete(String index) {
        return ConcreteIndex.find(connection, index)
                .flatMap(found -> connection.json(
                        "delete index \"" + index + "\"",
                        new Request("DELETE", Paths.index(found.name()) + "?ignore_unavailable=true")))
                .then();
    }

    private Mono<Void> create(String index, ObjectNode settings, ObjectNode mappings) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("settings").set("index", CreationSettings.of(settings, mappings));
        body.set("mappings", mappings);
        var request = new Request("PUT", Paths.index(index));
        request.setJsonEntity(body.toString());
        return connection
                .json("create index \"" + index + "\"", request)
                .then()
                .onErrorResume(
                        RefusedRequestException.withType("resource_already_exists_exception"), there -> Mono.empty());
    }
}
