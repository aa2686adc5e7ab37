package io.pgsync.runtime.status;

import io.pgsync.core.audit.AuditProgress;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.handover.LogLook;
import io.pgsync.replication.retention.Cause.Takers;
import io.pgsync.replication.retention.Retention;
import io.pgsync.replication.slot.SlotStatus;
import io.pgsync.runtime.report.LogStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What slot and state index say at one moment.
 *
 * @param states by index; an index that was never prepared has none
 * @param uuids UUIDs of the indexes that exist, by their names in the states
 * @param histories histories of the shards of the same indexes, see
 *     {@link io.pgsync.core.sink.IndexOwnership#histories}
 * @param audits how far the audits of the same indexes are; without those that were never audited
 * @param logged what the log of work says
 * @param engineFailure why the states could not be read; {@code states} is then empty
 */
public record StatusLook(
        Retention retention,
        Logged logged,
        Map<String, SyncState> states,
        Map<String, String> uuids,
        Map<String, Map<String, String>> histories,
        Map<String, AuditProgress> audits,
        Optional<String> engineFailure,
        List<Placement> placements) {
    public StatusLook {
        placements = List.copyOf(placements);
        states = Map.copyOf(states);
        uuids = Map.copyOf(uuids);
        histories = Map.copyOf(histories);
        audits = Map.copyOf(audits);
    }

    StatusLook(
            Retention retention,
            Map<String, SyncState> states,
            Map<String, String> uuids,
            Map<String, Map<String, String>> histories,
            Map<String, AuditProgress> audits,
            Optional<String> engineFailure) {
        this(
                retention,
                Logged.without(confirmed(retention)),
                states,
                uuids,
                histories,
                audits,
                engineFailure,
                List.of());
    }

    /**
     * What the log of work adds.
     *
     * @param owed the position that the states must have reached, because the source does not have the changes before it any more: what was
     *     confirmed to the slot, unless a log of work holds it. {@link Lsn#ZERO} if the log did not answer, which proves nothing
     * @param status empty without a log
     */
    record Logged(Lsn owed, Optional<LogStatus> status) {
        static Logged without(Lsn confirmed) {
            return new Logged(confirmed, Optional.empty());
        }

        static Logged of(LogLook look, Lsn confirmed) {
            return new Logged(look.position().owed(confirmed), Optional.of(LogStatus.of(look.backlog())));
        }

        static Logged away(String why) {
            return new Logged(Lsn.ZERO, Optional.of(LogStatus.away(why)));
        }
    }

    Lsn owed() {
        return logged.owed();
    }

    /** To the slot; zero without one. */
    static Lsn confirmed(Retention retention) {
        return retention.slot().flatMap(SlotStatus::confirmedFlushLsn).orElse(Lsn.ZERO);
    }

    Takers takers() {
        boolean isLoading =
                states.values().stream().anyMatch(state -> !state.backfill().isDone());
        return logged.status()
                .map(log -> Takers.log(log.failure().isPresent()))
                .orElseGet(() -> Takers.engine(engineFailure.isPresent(), isLoading));
    }
}
