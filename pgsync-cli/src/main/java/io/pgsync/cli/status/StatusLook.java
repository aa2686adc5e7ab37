package io.pgsync.cli.status;

import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.replication.retention.Retention;
import java.util.Map;
import java.util.Optional;

/**
 * What slot and state index say at one moment.
 *
 * @param states by index; those that nobody prepared are missing
 * @param uuids of the indexes that are there, by the names that the states have for them
 * @param engineFailure why the states could not be read; then there are none
 */
public record StatusLook(
        Retention retention, Map<String, SyncState> states, Map<String, String> uuids, Optional<String> engineFailure) {
    public StatusLook {
        states = Map.copyOf(states);
        uuids = Map.copyOf(uuids);
    }

    boolean isLoading() {
        return states.values().stream().anyMatch(state -> !state.backfill().isDone());
    }
}
