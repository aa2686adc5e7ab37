package io.pgsync.runtime.status;

import io.pgsync.core.audit.AuditProgress;
import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.replication.retention.Retention;
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
 * @param engineFailure why the states could not be read; {@code states} is then empty
 */
public record StatusLook(
        Retention retention,
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
        this(retention, states, uuids, histories, audits, engineFailure, List.of());
    }

    boolean isLoading() {
        return states.values().stream().anyMatch(state -> !state.backfill().isDone());
    }
}
