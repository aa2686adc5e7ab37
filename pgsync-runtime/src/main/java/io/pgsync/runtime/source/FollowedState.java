package io.pgsync.runtime.source;

import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.Soundness;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;

/** What a command asks of the state of an index before it counts on the process that follows it. */
public final class FollowedState {
    private FollowedState() {}

    /** Fails if the document is set aside, or if no process can go on with it. */
    public static void require(SyncState state) {
        if (state.isSetAside()) {
            throw new SyncException(
                    Remedy.STOP, state.diverged().orElseThrow().advice(state.index(), "pgsync backfill") + ".");
        }
        Soundness.of(state).ifPresent(found -> {
            throw new GapException(found);
        });
    }
}
