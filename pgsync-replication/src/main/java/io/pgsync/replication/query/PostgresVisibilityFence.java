package io.pgsync.replication.query;

import static java.util.Objects.requireNonNull;

import io.pgsync.core.change.VisibilityFence;
import io.pgsync.core.change.Xid;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.sql.PgSnapshot;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Waits by asking for the current snapshot again until it shows every transaction. Visibility is monotone, so a transaction that an earlier
 * snapshot shows is never asked for again. Safe from any thread.
 *
 * <p>Source: PostgreSQL manual, "Transaction ID and Snapshot Information Functions"; CommitTransaction writes the commit record before
 * ProcArrayEndTransaction makes it visible.
 */
public final class PostgresVisibilityFence implements VisibilityFence {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

    private final PostgresConnections connections;
    private volatile @Nullable PgSnapshot latest;

    public PostgresVisibilityFence(PostgresConnections connections) {
        this.connections = connections;
    }

    @Override
    public Mono<Void> awaitVisible(Collection<Xid> committed) {
        return Mono.defer(() -> sees(latest, committed) ? Mono.empty() : askUntilVisible(committed));
    }

    private Mono<Void> askUntilVisible(Collection<Xid> committed) {
        return currentSnapshot()
                .doOnNext(snapshot -> latest = snapshot)
                .filter(snapshot -> sees(snapshot, committed))
                .switchIfEmpty(Mono.error(NotYetVisible::new))
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                        .maxBackoff(LONGEST_PAUSE)
                        .filter(NotYetVisible.class::isInstance))
                .then();
    }

    private Mono<PgSnapshot> currentSnapshot() {
        return connections.useOne(connection -> Flux.from(connection
                        .createStatement("SELECT pg_current_snapshot()::text")
                        .execute())
                .flatMap(result ->
                        result.map((row, metadata) -> PgSnapshot.parse(requireNonNull(row.get(0, String.class)))))
                .single());
    }

    private static boolean sees(@Nullable PgSnapshot snapshot, Collection<Xid> committed) {
        return snapshot != null && committed.stream().allMatch(snapshot::sees);
    }

    /** Only a signal to ask again. */
    private static final class NotYetVisible extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotYetVisible() {
            super("A committed transaction is not visible yet", null, false, false);
        }
    }
}
