package io.pgsync.runtime.status;

import io.pgsync.core.audit.AuditProgress;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.replication.retention.Retention;
import io.pgsync.replication.slot.SlotStatus;
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
 * @param owed the position that the states must have reached, because the source does not have the changes before it any more: what was
 *     confirmed to the slot, unless a log of work holds it. {@link Lsn#ZERO} if the log did not answer, which proves nothing
 * @param engineFailure why the states could not be read; {@code states} is then empty
 */
public record StatusLook(
        Retention retention,
        Lsn owed,
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
        this(retention, confirmed(retention), states, uuids, histories, audits, engineFailure, List.of());
    }

    /** To the slot; zero without one. */
    static Lsn confirmed(Retention retention) {
        return retention.slot().flatMap(SlotStatus::confirmedFlushLsn).orElse(Lsn.ZERO);
    }

    boolean isLoading() {
        return states.values().stream().anyMatch(state -> !state.backfill().isDone());
    }
}
