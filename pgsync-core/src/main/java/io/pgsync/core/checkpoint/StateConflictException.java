package io.pgsync.core.checkpoint;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;

/** Another process wrote the state of the index; only one process may own it. */
public final class StateConflictException extends SyncException {
    private static final long serialVersionUID = 1L;

    /** {@code index}: the one that another process has taken over. */
    public StateConflictException(String index) {
        super(
                Remedy.STOP,
                "Another pgsync process took over index \"" + index
                        + "\"; this one must stop writing. Stop one of the two.");
    }
}
