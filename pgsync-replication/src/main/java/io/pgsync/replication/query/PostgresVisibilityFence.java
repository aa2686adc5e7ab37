package io.pgsync.replication.query;

import io.pgsync.core.change.VisibilityFence;
import io.pgsync.core.change.Xid;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.sql.PgSnapshot;
import io.pgsync.replication.sql.SnapshotWait;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Reads the current snapshot again and again until it shows every transaction. A visible transaction stays visible, so
 * one that an earlier snapshot shows needs no new question. Safe from any thread.
 *
 * <p>Source: PostgreSQL manual, "Transaction ID and Snapshot Information Functions"; CommitTransaction writes the
 * commit record before ProcArrayEndTransaction makes it visible.
 */
public final class PostgresVisibilityFence implements VisibilityFence {
    private final SnapshotWait wait;
    private volatile @Nullable PgSnapshot latest;

    public PostgresVisibilityFence(PostgresConnections connections) {
        this.wait = new SnapshotWait(connections.useOne(SnapshotWait::current).doOnNext(snapshot -> latest = snapshot));
    }

    @Override
    public Mono<Void> awaitVisible(Collection<Xid> committed) {
        return Mono.defer(
                () -> sees(latest, committed) ? Mono.empty() : wait.until(snapshot -> sees(snapshot, committed)));
    }

    private static boolean sees(@Nullable PgSnapshot snapshot, Collection<Xid> committed) {
        return snapshot != null && committed.stream().allMatch(snapshot::sees);
    }
}
