package io.pgsync.elasticsearch.state;

import static java.util.Objects.requireNonNull;

import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.OpType;
import co.elastic.clients.elasticsearch.core.GetResponse;
import co.elastic.clients.elasticsearch.core.IndexResponse;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Keeps the states in a hidden index beside the data, one document for each index, and {@link RefusedParts} for those
 * that need them. A revision is the document's sequence number and primary term. Reads are real-time; a write is
 * durable when it completes.
 */
public final class ElasticsearchStateStore implements SyncStateStore {
    static final String INDEX = ElasticsearchSettings.STATE_INDEX;
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
        return connection
                .repeatable(
                        "refresh index \"" + INDEX + "\"",
                        client -> client.indices().refresh(refresh -> refresh.index(INDEX)))
                .then(connection.repeatable(
                        "search index \"" + INDEX + "\"",
                        client -> client.search(
                                search -> search.index(INDEX)
                                        .query(query -> query.exists(exists -> exists.field("index")))
                                        .source(source -> source.filter(filter -> filter.includes("source")))
                                        .size(MOST_STATES)
                                        .allowPartialSearchResults(false),
                                ObjectNode.class)))
                .flatMapIterable(answer -> answer.hits().hits())
                .filter(hit -> hit.id() != null && hit.source() != null)
                .collectMap(hit -> requireNonNull(hit.id()), hit -> SyncStateJson.source(requireNonNull(hit.source())))
                .onErrorResume(isStatus(404), missingIndex -> Mono.just(Map.of()));
    }

    private Mono<Optional<StoredState>> load(String index, int reads) {
        return get(index)
                .flatMap(answer -> {
                    ObjectNode json = answer.source();
                    return json == null
                            ? Mono.just(Optional.<StoredState>empty())
                            : complete(index, answer, json, reads);
                })
                .onErrorResume(isStatus(404), missingIndex -> Mono.just(Optional.empty()));
    }

    private Mono<GetResponse<ObjectNode>> get(String index) {
        return connection.repeatable(
                "read the state of index \"" + index + "\"",
                client -> client.get(get -> get.index(INDEX).id(index), ObjectNode.class));
    }

    private Mono<Optional<StoredState>> complete(
            String index, GetResponse<ObjectNode> answer, ObjectNode json, int reads) {
        List<String> names = SyncStateJson.parts(json);
        return parts.read(names, partsOf(index, Optional.empty())).flatMap(found -> {
            List<String> missing = names.stream()
                    .filter(name -> !found.byName().containsKey(name))
                    .toList();
            // A newer state may have replaced this one meanwhile, with other parts.
            return missing.isEmpty() || reads <= 1
                    ? Mono.just(Optional.of(read(answer, json, found, missing)))
                    : load(index, reads - 1);
        });
    }

    /** If parts are {@code missing}, a load of the index repairs the loss; for that, its state must be readable. */
    private StoredState read(
            GetResponse<ObjectNode> answer, ObjectNode json, RefusedParts found, List<String> missing) {
        String revision = revision(require(answer.seqNo(), "_seq_no"), require(answer.primaryTerm(), "_primary_term"));
        SyncState state = SyncStateJson.read(json, found);
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
        return createIndex()
                .then(parts.write(next.byName()))
                .then(connection.repeatable(
                        "create " + stateOf(state),
                        client -> client.<ObjectNode>index(index -> index.index(INDEX)
                                .id(state.index())
                                .opType(OpType.Create)
                                .document(
                                        SyncStateJson.write(state, next.byName().keySet())))))
                .map(answer -> stored(state, next, answer))
                .onErrorResume(isStatus(409), conflict -> ownOrConflict(state, next));
    }

    @Override
    public Mono<StoredState> replace(StoredState expected, SyncState state) {
        RefusedParts before = partsOf(state.index(), Optional.of(expected.revision()));
        RefusedParts next = before.followedBy(state.index(), state.generation(), state.refused());
        return parts.write(next.without(before))
                .then(replace(expected, state, next))
                .flatMap(stored -> parts.remove(before.without(next).keySet()).thenReturn(stored))
                .onErrorResume(isStatus(409), conflict -> ownOrConflict(state, new RefusedParts(next.without(before))));
    }

    private Mono<StoredState> replace(StoredState expected, SyncState next, RefusedParts nextParts) {
        String[] revision = expected.revision().split(":", 2);
        return connection
                .repeatable(
                        "write " + stateOf(next),
                        client -> client.<ObjectNode>index(index -> index.index(INDEX)
                                .id(next.index())
                                .ifSeqNo(Long.parseLong(revision[0]))
                                .ifPrimaryTerm(Long.parseLong(revision[1]))
                                .document(SyncStateJson.write(
                                        next, nextParts.byName().keySet()))))
                .map(answer -> stored(next, nextParts, answer));
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
                .map(answer -> Optional.ofNullable(answer.source())
                        .map(SyncStateJson::parts)
                        .orElse(List.of()))
                .flatMap(names -> deleteState(index).then(parts.remove(names)))
                .onErrorResume(isStatus(404), missingIndex -> Mono.empty());
    }

    private Mono<Void> deleteState(String index) {
        return connection
                .repeatable(
                        "delete the state of index \"" + index + "\"",
                        client -> client.delete(delete -> delete.index(INDEX).id(index)))
                .then();
    }

    private Mono<Void> createIndex() {
        return connection
                .repeatable(
                        "create index " + INDEX,
                        client -> client.indices()
                                .create(create -> create.index(INDEX)
                                        .settings(settings -> settings.hidden(true)
                                                .numberOfShards("1")
                                                .autoExpandReplicas("0-1"))
                                        .mappings(SyncStateJson.MAPPING)))
                .then()
                .onErrorResume(isStatus(400), error -> exists(error) ? Mono.empty() : Mono.error(error));
    }

    private static boolean exists(Throwable error) {
        return error.getCause() instanceof ElasticsearchException refused
                && "resource_already_exists_exception".equals(refused.error().type());
    }

    private static Predicate<Throwable> isStatus(int status) {
        return error -> error.getCause() instanceof ElasticsearchException refused && refused.status() == status;
    }

    private StoredState stored(SyncState state, RefusedParts of, IndexResponse answer) {
        String revision = revision(require(answer.seqNo(), "_seq_no"), require(answer.primaryTerm(), "_primary_term"));
        known.put(state.index(), new Known(revision, of));
        return new StoredState(state, revision);
    }

    private static String revision(long sequenceNumber, long primaryTerm) {
        return sequenceNumber + ":" + primaryTerm;
    }

    private static long require(@Nullable Long number, String field) {
        if (number == null) {
            throw new SyncException(Remedy.RETRY, "Elasticsearch's answer about a state lacks " + field);
        }
        return number;
    }

    private static String stateOf(SyncState state) {
        return "the state of index \"" + state.index() + "\"";
    }
}
