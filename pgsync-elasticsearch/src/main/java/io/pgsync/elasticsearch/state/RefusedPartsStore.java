package io.pgsync.elasticsearch.state;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import io.pgsync.elasticsearch.RefusedRequestException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads, writes and removes the parts of refused ids. They are written before the state that names them, and removed after it. */
final class RefusedPartsStore {
    private static final Logger log = LoggerFactory.getLogger(RefusedPartsStore.class);
    private static final int AT_A_TIME = 20;
    private static final int SIDE_BY_SIDE = 4;

    private final ElasticsearchConnection connection;
    private final String index;

    RefusedPartsStore(ElasticsearchConnection connection, String index) {
        this.connection = connection;
        this.index = index;
    }

    /** The parts of these names; those in {@code known} are not read again. Missing parts are left out. */
    Mono<RefusedParts> read(Collection<String> names, RefusedParts known) {
        Flux<Map.Entry<String, List<String>>> kept = Flux.fromIterable(names)
                .filter(known.byName()::containsKey)
                .map(name ->
                        Map.entry(name, Objects.requireNonNull(known.byName().get(name))));
        Flux<Map.Entry<String, List<String>>> read = Flux.fromIterable(names)
                .filter(name -> !known.byName().containsKey(name))
                .buffer(AT_A_TIME)
                .concatMap(this::read);
        return kept.concatWith(read)
                .collectMap(Map.Entry::getKey, Map.Entry::getValue)
                .map(RefusedParts::new);
    }

    private Flux<Map.Entry<String, List<String>>> read(List<String> names) {
        var request = new Request("POST", Paths.index(index) + "/_mget");
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        names.forEach(body.putArray("ids")::add);
        request.setJsonEntity(body.toString());
        return connection
                .repeatable("read the refused documents of a state", request)
                .flatMapIterable(answer -> ElasticsearchStateStore.field(answer, "docs"))
                .filter(RefusedPartsStore::isFound)
                .map(part ->
                        Map.entry(part.required("_id").asText(), SyncStateJson.readPart(part.required("_source"))));
    }

    private static boolean isFound(JsonNode part) {
        if (part.has("error")) {
            throw new SyncException(
                    Remedy.RETRY,
                    "The engine could not read a part of a state: "
                            + part.path("error").path("reason").asText());
        }
        return part.path("found").asBoolean();
    }

    Mono<Void> write(Map<String, List<String>> parts) {
        return Flux.fromIterable(parts.entrySet())
                .flatMap(
                        part -> connection.repeatable(
                                "write the refused documents of a state", write(part.getKey(), part.getValue())),
                        SIDE_BY_SIDE)
                .then();
    }

    private Request write(String name, List<String> ids) {
        var request = new Request("PUT", Paths.document(index, name));
        request.setJsonEntity(SyncStateJson.writePart(ids).toString());
        return request;
    }

    /** Best effort: no state names them, so what remains only needs space. */
    Mono<Void> remove(Collection<String> names) {
        return Flux.fromIterable(names)
                .flatMap(
                        name -> connection
                                .repeatable(
                                        "delete the refused documents of a state",
                                        new Request("DELETE", Paths.document(index, name)))
                                .onErrorResume(RefusedRequestException.withStatus(404), gone -> Mono.empty()),
                        SIDE_BY_SIDE)
                .then()
                .onErrorResume(SyncException.class, failure -> {
                    log.debug("Parts of an old state stay in {}: {}", index, failure.getMessage());
                    return Mono.empty();
                });
    }
}
