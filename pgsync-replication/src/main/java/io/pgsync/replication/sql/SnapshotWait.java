package io.pgsync.replication.slot;

import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.sql.Cell;
import io.pgsync.replication.sql.PgSnapshot;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Waits until new statements see enough. Asks again, ever more slowly, for as long as it takes: transactions end when they end. */
final class SnapshotWait {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);
    private static final String CURRENT = "SELECT pg_current_snapshot()::text";

    private final Mono<PgSnapshot> now;

    /** {@code now} asks anew at every subscription. */
    SnapshotWait(Mono<PgSnapshot> now) {
        this.now = now;
    }

    static SnapshotWait on(PostgresConnections connections) {
        return new SnapshotWait(connections.useOne(SnapshotWait::current));
    }

    static Mono<PgSnapshot> current(Connection connection) {
        return PostgresConnections.query(connection, CURRENT, row -> PgSnapshot.parse(Cell.of(row, 0, String.class)))
                .single();
    }

    /** Until all that {@code earlier} sees is visible. */
    Mono<Void> untilCovers(PgSnapshot earlier) {
        return until(seen -> seen.covers(earlier));
    }

    /** Until every transaction that runs now has ended. */
    Mono<Void> untilRunningEnd() {
        return now.flatMap(start -> until(seen -> seen.xmin() >= start.xmax()));
    }

    private Mono<Void> until(Predicate<PgSnapshot> enough) {
        return now.filter(enough)
                .switchIfEmpty(Mono.error(NotYet::new))
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                        .maxBackoff(LONGEST_PAUSE)
                        .filter(NotYet.class::isInstance))
                .then();
    }

    /** Only a signal to ask again. */
    private static final class NotYet extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotYet() {
            super(null, null, false, false);
        }
    }
}
