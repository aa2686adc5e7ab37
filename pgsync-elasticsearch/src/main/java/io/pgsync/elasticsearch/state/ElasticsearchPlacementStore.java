package io.pgsync.elasticsearch.state;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.PlacementStore;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import io.pgsync.elasticsearch.RefusedRequestException;
import java.util.Collection;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Keeps placements in documents of their own beside the states. A name has no slash, so no state has their ids.
 */
public final class ElasticsearchPlacementStore implements PlacementStore {
    private static final String INDEX = ElasticsearchStateStore.INDEX;
    private static final String MISSING_INDEX = "index_not_found_exception";

    private final ElasticsearchConnection connection;

    public ElasticsearchPlacementStore(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    private static String idOf(String name) {
        return name + "/index";
    }

    @Override
    public Mono<List<StoredPlacement>> load(Collection<String> names) {
        if (names.isEmpty()) {
            return Mono.just(List.of());
        }
        var request = new Request("POST", Paths.index(INDEX) + "/_mget");
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        var ids = body.putArray("ids");
        names.forEach(name -> ids.add(idOf(name)));
        request.setJsonEntity(body.toString());
        return connection
                .repeatable("read where documents are stored", request)
                .flatMapIterable(answer -> ElasticsearchStateStore.field(answer, "docs"))
                .filter(ElasticsearchPlacementStore::isFound)
                .map(found -> new StoredPlacement(
                        PlacementJson.read(found.required("_source")), ElasticsearchStateStore.revision(found)))
                .collectList()
                .onErrorResume(RefusedRequestException.withStatus(404), missing -> Mono.just(List.of()));
    }

    private static boolean isFound(JsonNode found) {
        JsonNode error = found.path("error");
        if (!error.isMissingNode() && !error.path("type").asText().equals(MISSING_INDEX)) {
            throw new SyncException(
                    Remedy.RETRY,
                    "The engine could not read where documents are stored: "
                            + error.path("reason").asText());
        }
        return found.path("found").asBoolean();
    }

    @Override
    public Mono<StoredPlacement> create(Placement placement) {
        return ElasticsearchStateStore.createIndex(connection)
                .then(Mono.defer(() -> write(placement, "?op_type=create")));
    }

    @Override
    public Mono<StoredPlacement> replace(StoredPlacement expected, Placement next) {
        return write(next, ElasticsearchStateStore.onlyIf(expected.revision()));
    }

    private Mono<StoredPlacement> write(Placement placement, String condition) {
        var request = new Request("PUT", Paths.document(INDEX, idOf(placement.name())) + condition);
        request.setJsonEntity(PlacementJson.write(placement).toString());
        return connection
                .repeatable("write where the documents of \"" + placement.name() + "\" are stored", request)
                .map(answer -> new StoredPlacement(placement, ElasticsearchStateStore.revision(answer)))
                .onErrorResume(RefusedRequestException.withStatus(409), conflict -> ownOrConflict(placement));
    }

    /** If the answer to a write was lost, it was repeated and then found itself. */
    private Mono<StoredPlacement> ownOrConflict(Placement wanted) {
        return load(wanted.name())
                .flatMap(Mono::justOrEmpty)
                .filter(found -> found.placement().equals(wanted))
                .switchIfEmpty(Mono.error(() -> new StateConflictException(wanted.name())));
    }

    @Override
    public Mono<Void> delete(String name) {
        return connection
                .repeatable(
                        "delete where the documents of \"" + name + "\" are stored",
                        new Request("DELETE", Paths.document(INDEX, idOf(name))))
                .then()
                .onErrorResume(RefusedRequestException.withStatus(404), gone -> Mono.empty());
    }
}
