package io.pgsync.runtime.plan;

import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.runtime.config.RepairCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What has to be known of an index besides its differences. */
record PlanNotes(RepairCommand repair) {
    List<String> of(Optional<SyncState> state, boolean isMadeAnew) {
        var notes = new ArrayList<String>();
        if (isMadeAnew) {
            notes.add("until the new index is loaded, searches find less. To keep the old one, give \"index\" another"
                    + " name in the file: the commands then are bootstrap and a run");
        }
        state.ifPresent(known -> {
            if (known.loaded().isEmpty()) {
                notes.add("loaded by an earlier version, the definition is not known; the fingerprint of its nodes was"
                        + " compared, and what the index has now");
            }
            known.diverged()
                    .ifPresent(found -> notes.add(found.advice(known.index(), repair.of(List.of(known.index())))));
            if (!known.backfill().isDone()) {
                notes.add(loading(known.backfill()));
            }
        });
        return notes;
    }

    private static String loading(BackfillProgress load) {
        return "a load is under way, %,d documents so far".formatted(load.documents());
    }
}
