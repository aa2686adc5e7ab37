package io.pgsync.replication.stream;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.ServerIdentity;
import io.pgsync.replication.slot.ReplicationSlots;
import io.pgsync.replication.sql.Columns;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/**
 * Moves a slot that was just released to the last acknowledged position. The driver sends positions only with its
 * timer, so the last one may not have been sent when the connection ended; without this, the server would send those
 * transactions again.
 */
final class SlotPosition {
    private static final Logger log = LoggerFactory.getLogger(SlotPosition.class);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final PostgresConnections connections;
    private final String slot;

    SlotPosition(PostgresConnections connections, String slot) {
        this.connections = connections;
        this.slot = slot;
    }

    /** Where a stream from the slot resumes; empty if there is no such slot. */
    Mono<SourcePosition> resumption() {
        return new ReplicationSlots(connections)
                .describe(slot)
                .flatMap(status -> Mono.justOrEmpty(status.confirmedFlushLsn())
                        .flatMap(confirmed -> ServerIdentity.read(connections)
                                .map(server -> server.position(slot, confirmed, status.synced()))));
    }

    /** The position after which the slot resumes; empty if there is no such slot. */
    Mono<Lsn> confirmed() {
        return connections
                .query(
                        "SELECT confirmed_flush_lsn::text FROM pg_replication_slots"
                                + " WHERE slot_name = $1 AND confirmed_flush_lsn IS NOT NULL",
                        row -> Lsn.parse(Columns.required(row, 0, String.class)),
                        slot)
                .next();
    }

    /**
     * Never fails: what is not confirmed is sent again, without harm. On a server with another history it does nothing,
     * because the position has no meaning there.
     */
    Mono<Void> settle(SourceIdentity source, Lsn acknowledged) {
        return ServerIdentity.read(connections)
                .retryWhen(patiently())
                .filter(server -> server.source(slot).equals(source))
                .flatMap(same -> reach(acknowledged))
                .timeout(PATIENCE)
                .doOnError(failure -> log.warn(
                        "Slot {} may not have moved to {}: {}; the changes since then will be read again",
                        slot,
                        acknowledged,
                        failure.getMessage()))
                .onErrorComplete()
                .then();
    }

    private Mono<Lsn> reach(Lsn acknowledged) {
        return advance(acknowledged)
                .then(confirmed())
                .filter(confirmed -> !acknowledged.isAfter(confirmed))
                .repeatWhenEmpty(asked -> asked.delayElements(POLL))
                .retryWhen(patiently());
    }

    private static RetryBackoffSpec patiently() {
        return Retry.backoff(20, POLL);
    }

    // Nothing can be advanced while the old walsender lives; if another stream acquires the slot first, it starts at an
    // earlier position.
    private Mono<Void> advance(Lsn acknowledged) {
        return connections
                .query(
                        "SELECT pg_replication_slot_advance(slot_name, $2::pg_lsn)::text FROM pg_replication_slots"
                                + " WHERE slot_name = $1 AND NOT active AND confirmed_flush_lsn < $2::pg_lsn",
                        row -> true,
                        slot,
                        acknowledged.toString())
                .then();
    }
}
