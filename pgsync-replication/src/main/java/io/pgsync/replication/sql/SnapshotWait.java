package io.pgsync.replication.sql;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.time.Duration;
import java.util.function.Predicate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Waits until new statements see enough. Asks again, at growing intervals and without a time limit: nobody knows when a
 * transaction ends.
 */
public final class SnapshotWait {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);
    private static final String CURRENT = "SELECT pg_current_snapshot()::text";

    private final Mono<PgSnapshot> now;

    /** {@code now} asks again at every subscription. */
    public SnapshotWait(Mono<PgSnapshot> now) {
        this.now = now;
    }

    /** The snapshot of a new statement on {@code connection}, at each subscription. */
    public static Mono<PgSnapshot> current(Connection connection) {
        return Flux.defer(() ->
                        Flux.<Result>from(connection.createStatement(CURRENT).execute()))
                .concatMap(result -> result.map(row -> PgSnapshot.parse(Columns.required(row, 0, String.class))))
                .single();
    }

    /** Completes when everything that {@code earlier} sees is visible. */
    public Mono<Void> untilCovers(PgSnapshot earlier) {
        return until(seen -> seen.covers(earlier));
    }

    /** Completes when every transaction that runs now has ended. */
    public Mono<Void> untilRunningEnd() {
        return now.flatMap(start -> until(seen -> seen.xmin() >= start.xmax()));
    }

    /** Completes when a snapshot is {@code enough}. */
    public Mono<Void> until(Predicate<PgSnapshot> enough) {
        return now.filter(enough)
                .switchIfEmpty(Mono.error(NotYet::new))
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                        .maxBackoff(LONGEST_PAUSE)
                        .filter(NotYet.class::isInstance))
                .then();
    }

    /** A signal to ask again. */
    private static final class NotYet extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotYet() {
            super("Not visible yet", null, false, false);
        }
    }
}
