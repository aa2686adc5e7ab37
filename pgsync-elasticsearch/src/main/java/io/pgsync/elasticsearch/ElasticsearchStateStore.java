package io.pgsync.elasticsearch;

import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.OpType;
import co.elastic.clients.elasticsearch.core.GetResponse;
import co.elastic.clients.elasticsearch.core.IndexResponse;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Keeps the states in a hidden index beside the data, one document per index. A revision is the document's sequence number and primary
 * term. Reads are real-time; a write is durable when it completes.
 */
public final class ElasticsearchStateStore implements SyncStateStore {
    /** The index that holds the states. */
    public static final String INDEX = "pgsync_state";

    private final ElasticsearchConnection connection;

    public ElasticsearchStateStore(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    @Override
    public Mono<Optional<StoredState>> load(String index) {
        return connection
                .repeatable(
                        "read the state of index \"" + index + "\"",
                        client -> client.get(get -> get.index(INDEX).id(index), ObjectNode.class))
                .map(ElasticsearchStateStore::stored)
                .onErrorResume(isStatus(404), missingIndex -> Mono.just(Optional.empty()));
    }

    private static Optional<StoredState> stored(GetResponse<ObjectNode> answer) {
        return Optional.ofNullable(answer.source())
                .map(json -> new StoredState(
                        SyncStateJson.read(json),
                        revision(require(answer.seqNo(), "_seq_no"), require(answer.primaryTerm(), "_primary_term"))));
    }

    @Override
    public Mono<StoredState> create(SyncState state) {
        return createIndex()
                .then(connection.call(
                        "create " + stateOf(state),
                        client -> client.<ObjectNode>index(index -> index.index(INDEX)
                                .id(state.index())
                                .opType(OpType.Create)
                                .document(SyncStateJson.write(state)))))
                .map(answer -> stored(state, answer))
                .onErrorResume(isStatus(409), conflict -> ownOrConflict(state));
    }

    @Override
    public Mono<StoredState> replace(StoredState expected, SyncState next) {
        String[] revision = expected.revision().split(":", 2);
        return connection
                .repeatable(
                        "write " + stateOf(next),
                        client -> client.<ObjectNode>index(index -> index.index(INDEX)
                                .id(next.index())
                                .ifSeqNo(Long.parseLong(revision[0]))
                                .ifPrimaryTerm(Long.parseLong(revision[1]))
                                .document(SyncStateJson.write(next))))
                .map(answer -> stored(next, answer))
                .onErrorResume(isStatus(409), conflict -> ownOrConflict(next));
    }

    /** A write whose answer was lost is repeated by the caller, and then finds itself. */
    private Mono<StoredState> ownOrConflict(SyncState written) {
        return load(written.index()).flatMap(found -> {
            if (found.isEmpty()) {
                return Mono.error(new GapException(
                        written.index(),
                        "its state was deleted from " + INDEX + "; any of its documents may be out of date."));
            }
            return found.get().state().equals(written)
                    ? Mono.just(found.get())
                    : Mono.error(new StateConflictException(written.index()));
        });
    }

    @Override
    public Mono<Void> delete(String index) {
        return connection
                .repeatable(
                        "delete the state of index \"" + index + "\"",
                        client -> client.delete(delete -> delete.index(INDEX).id(index)))
                .then()
                .onErrorResume(isStatus(404), missingIndex -> Mono.empty());
    }

    private Mono<Void> createIndex() {
        return connection
                .call(
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

    private static StoredState stored(SyncState state, IndexResponse answer) {
        return new StoredState(
                state, revision(require(answer.seqNo(), "_seq_no"), require(answer.primaryTerm(), "_primary_term")));
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
