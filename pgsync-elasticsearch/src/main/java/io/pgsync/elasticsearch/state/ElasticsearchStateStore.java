package io.pgsync.elasticsearch.state;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.ElasticsearchSettings;
import io.pgsync.elasticsearch.Paths;
import io.pgsync.elasticsearch.RefusedRequestException;
import io.pgsync.elasticsearch.lookup.IndexScan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/**
 * Keeps the states in a hidden index beside the data, one document for each index, and {@link RefusedParts} for those
 * that need them. A revision is the document's sequence number and primary term. Reads are real-time; a write is
 * durable when it completes.
 */
public final class ElasticsearchStateStore implements SyncStateStore {
    static final String INDEX = ElasticsearchSettings.STATE_INDEX;
    private static final Predicate<Throwable> MISSING = RefusedRequestException.withStatus(404);
    private static final Predicate<Throwable> CONFLICT = RefusedRequestException.withStatus(409);
    private static final int MOST_READS = 3;
    /** The engine's limit for one answer. */
    private static final int MOST_STATES = 10_000;

    private final ElasticsearchConnection connection;
    private final RefusedPartsStore parts;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    public ElasticsearchStateStore(ElasticsearchConnection connection) {
        this.connection = connection;
        this.parts = new RefusedPartsStore(connection, INDEX);
    }

    /** The parts of the state that was last read or written here. */
    private record Known(String revision, RefusedParts parts) {}

    @Override
    public Mono<Optional<StoredState>> load(String index) {
        return load(index, MOST_READS);
    }

    /** The sources of all indexes that have a state, by their names, as of now; at most 10,000. */
    public Mono<Map<String, SourceIdentity>> sources() {
        return new IndexScan(connection)
                .refresh(INDEX)
                .then(connection.repeatable("search index \"" + INDEX + "\"", sourcesRequest()))
                .flatMapIterable(answer -> field(field(answer, "hits"), "hits"))
                .collectMap(hit -> hit.required("_id").asText(), hit -> SyncStateJson.source(field(hit, "_source")))
                .onErrorResume(MISSING, missingIndex -> Mono.just(Map.of()));
    }

    private static Request sourcesRequest() {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("size", MOST_STATES);
        body.putObject("query").putObject("exists").put("field", "index");
        body.putArray("_source").add("source");
        var request = new Request("POST", Paths.index(INDEX) + "/_search?allow_partial_search_results=false");
        request.setJsonEntity(body.toString());
        return request;
    }

    private Mono<Optional<StoredState>> load(String index, int reads) {
        return get(index)
                .flatMap(answer -> complete(index, answer, reads))
                .onErrorResume(MISSING, missing -> Mono.just(Optional.empty()));
    }

    /** Fails with 404 when there is no state. */
    private Mono<JsonNode> get(String index) {
        return connection.repeatable(
                "read the state of index \"" + index + "\"", new Request("GET", Paths.document(INDEX, index)));
    }

    private Mono<Optional<StoredState>> complete(String index, JsonNode answer, int reads) {
        List<String> names = SyncStateJson.parts(field(answer, "_source"));
        return parts.read(names, partsOf(index, Optional.empty())).flatMap(found -> {
            List<String> missing = names.stream()
                    .filter(name -> !found.byName().containsKey(name))
                    .toList();
            // A newer state may have replaced this one meanwhile, with other parts.
            return missing.isEmpty() || reads <= 1
                    ? Mono.just(Optional.of(read(answer, found, missing)))
                    : load(index, reads - 1);
        });
    }

    /** If parts are {@code missing}, a load of the index repairs the loss; for that, its state must be readable. */
    private StoredState read(JsonNode answer, RefusedParts found, List<String> missing) {
        String revision = revision(answer);
        SyncState state = SyncStateJson.read(field(answer, "_source"), found);
        known.put(state.index(), new Known(revision, found));
        return new StoredState(missing.isEmpty() ? state : without(missing, state), revision);
    }

    private static SyncState without(List<String> missing, SyncState state) {
        return state.withAlso(Diverged.gap(
                state.stored(),
                state.stored(),
                "a part of its state was deleted from %s (%s); any of its documents may be out of date"
                        .formatted(INDEX, String.join(", ", missing))));
    }

    /** The known parts of a state; if a revision is given, only of that one. */
    private RefusedParts partsOf(String index, Optional<String> revision) {
        return Optional.ofNullable(known.get(index))
                .filter(last -> revision.filter(wanted -> !wanted.equals(last.revision()))
                        .isEmpty())
                .map(Known::parts)
                .orElse(RefusedParts.NONE);
    }

    @Override
    public Mono<StoredState> create(SyncState state) {
        RefusedParts next = RefusedParts.NONE.followedBy(state.index(), state.generation(), state.refused());
        return createIndex(connection)
                .then(parts.write(next.byName()))
                .then(connection.repeatable("create " + stateOf(state), write(state, next, "?op_type=create")))
                .map(answer -> stored(state, next, answer))
                .onErrorResume(CONFLICT, conflict -> ownOrConflict(state, next));
    }

    @Override
    public Mono<StoredState> replace(StoredState expected, SyncState state) {
        RefusedParts before = partsOf(state.index(), Optional.of(expected.revision()));
        RefusedParts next = before.followedBy(state.index(), state.generation(), state.refused());
        return parts.write(next.without(before))
                .then(replace(expected, state, next))
                .flatMap(stored -> parts.remove(before.without(next).keySet()).thenReturn(stored))
                .onErrorResume(CONFLICT, conflict -> ownOrConflict(state, new RefusedParts(next.without(before))));
    }

    private Mono<StoredState> replace(StoredState expected, SyncState next, RefusedParts nextParts) {
        return connection
                .repeatable("write " + stateOf(next), write(next, nextParts, onlyIf(expected.revision())))
                .map(answer -> stored(next, nextParts, answer));
    }

    private static Request write(SyncState state, RefusedParts parts, String condition) {
        var request = new Request("PUT", Paths.document(INDEX, state.index()) + condition);
        request.setJsonEntity(
                SyncStateJson.write(state, parts.byName().keySet()).toString());
        return request;
    }

    /**
     * If the answer to a write was lost, the caller repeats it and then finds its own write. {@code written}: parts
     * that were written for it; those that the state does not name are removed.
     */
    private Mono<StoredState> ownOrConflict(SyncState wanted, RefusedParts written) {
        return load(wanted.index())
                .delayUntil(found -> parts.remove(written.without(partsOf(wanted.index(), Optional.empty()))
                        .keySet()))
                .flatMap(found -> ownOrConflict(wanted, found));
    }

    private static Mono<StoredState> ownOrConflict(SyncState wanted, Optional<StoredState> found) {
        if (found.isEmpty()) {
            return Mono.error(new GapException(
                    wanted.index(),
                    "its state was deleted from " + INDEX + "; any of its documents may be out of date."));
        }
        return found.get().state().equals(wanted)
                ? Mono.just(found.get())
                : Mono.error(new StateConflictException(wanted.index()));
    }

    @Override
    public Mono<Void> delete(String index) {
        return get(index)
                .map(answer -> SyncStateJson.parts(field(answer, "_source")))
                .flatMap(names -> deleteState(index)
                        .then(parts.remove(names))
                        .then(parts.remove(ElasticsearchRefusalStore.documentsOf(index)))
                        .then(parts.remove(List.of(ElasticsearchAuditStore.documentOf(index)))))
                .onErrorResume(MISSING, missingIndex -> Mono.empty());
    }

    private Mono<Void> deleteState(String index) {
        return connection
                .repeatable(
                        "delete the state of index \"" + index + "\"",
                        new Request("DELETE", Paths.document(INDEX, index)))
                .then()
                .onErrorResume(MISSING, gone -> Mono.empty());
    }

    static Mono<Void> createIndex(ElasticsearchConnection connection) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("settings")
                .putObject("index")
                .put("hidden", true)
                .put("number_of_shards", 1)
                .put("auto_expand_replicas", "0-1");
        body.set("mappings", SyncStateJson.mapping());
        var request = new Request("PUT", Paths.index(INDEX));
        request.setJsonEntity(body.toString());
        return connection
                .repeatable("create index " + INDEX, request)
                .then()
                .onErrorResume(
                        RefusedRequestException.withType("resource_already_exists_exception"), there -> Mono.empty());
    }

    private StoredState stored(SyncState state, RefusedParts of, JsonNode answer) {
        String revision = revision(answer);
        known.put(state.index(), new Known(revision, of));
        return new StoredState(state, revision);
    }

    /** The condition of a write to a document of this index. */
    static String onlyIf(String revision) {
        String[] numbers = revision.split(":", 2);
        return "?if_seq_no=" + numbers[0] + "&if_primary_term=" + numbers[1];
    }

    static String revision(JsonNode answer) {
        return number(answer, "_seq_no") + ":" + number(answer, "_primary_term");
    }

    private static long number(JsonNode answer, String field) {
        return field(answer, field).asLong();
    }

    /** If it is missing, something other than the engine answered, or the engine does not know the state for now. */
    static JsonNode field(JsonNode answer, String field) {
        if (!answer.has(field)) {
            throw new SyncException(Remedy.RETRY, "The engine's answer about a state lacks " + field);
        }
        return answer.path(field);
    }

    private static String stateOf(SyncState state) {
        return "the state of index \"" + state.index() + "\"";
    }
}
