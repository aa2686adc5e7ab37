package io.pgsync.elasticsearch.state;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pgsync.core.lease.Lease;
import io.pgsync.core.lease.LeaseStore;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import io.pgsync.elasticsearch.RefusedRequestException;
import java.util.Optional;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/** Keeps leases in documents of their own beside the states. */
public final class ElasticsearchLeaseStore implements LeaseStore {
    private static final String INDEX = ElasticsearchStateStore.INDEX;
    private static final Predicate<Throwable> MISSING = RefusedRequestException.withStatus(404);
    private static final Predicate<Throwable> CONFLICT = RefusedRequestException.withStatus(409);
    private static final String SESSION = "session";
    private static final String BEAT = "beat";

    private final ElasticsearchConnection connection;

    public ElasticsearchLeaseStore(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    private static String path(String name) {
        return Paths.document(INDEX, name + "/lease");
    }

    @Override
    public Mono<Optional<StoredLease>> load(String name) {
        return connection
                .repeatable("read the lease of slot " + name, new Request("GET", path(name)))
                .map(answer -> Optional.of(new StoredLease(
                        lease(name, ElasticsearchStateStore.field(answer, "_source")),
                        ElasticsearchStateStore.revision(answer))))
                .onErrorResume(MISSING, missing -> Mono.just(Optional.empty()));
    }

    private static Lease lease(String name, JsonNode json) {
        return new Lease(
                name,
                ElasticsearchStateStore.field(json, SESSION).asText(),
                ElasticsearchStateStore.field(json, BEAT).asLong());
    }

    @Override
    public Mono<StoredLease> replace(Optional<StoredLease> expected, Lease next) {
        String condition = expected.map(before -> ElasticsearchStateStore.onlyIf(before.revision()))
                .orElse("?op_type=create");
        var request = new Request("PUT", path(next.name()) + condition);
        request.setJsonEntity(JsonNodeFactory.instance
                .objectNode()
                .put(SESSION, next.session())
                .put(BEAT, next.beat())
                .toString());
        return connection
                .repeatable("write the lease of slot " + next.name(), request)
                .map(answer -> new StoredLease(next, ElasticsearchStateStore.revision(answer)))
                .onErrorResume(CONFLICT, conflict -> presentOr(next));
    }

    /** Somebody else's, or our own: if the answer to a write was lost, it was repeated and then found itself. */
    private Mono<StoredLease> presentOr(Lease next) {
        return load(next.name())
                .flatMap(found -> found.map(Mono::just).orElseGet(() -> replace(Optional.empty(), next)));
    }

    @Override
    public Mono<Void> delete(StoredLease stored) {
        return delete(stored.lease().name(), ElasticsearchStateStore.onlyIf(stored.revision()))
                .onErrorResume(CONFLICT, anothers -> Mono.empty());
    }

    @Override
    public Mono<Void> delete(String name) {
        return delete(name, "");
    }

    private Mono<Void> delete(String name, String condition) {
        return connection
                .repeatable("delete the lease of slot " + name, new Request("DELETE", path(name) + condition))
                .then()
                .onErrorResume(MISSING, gone -> Mono.empty());
    }
}
