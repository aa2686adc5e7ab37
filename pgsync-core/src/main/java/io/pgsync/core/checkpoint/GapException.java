package io.pgsync.core.checkpoint;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;

/** Changes may be missing from an index, and following on would hide it. The message names the range and the repair. */
public final class GapException extends SyncException {
    private static final long serialVersionUID = 1L;

    public GapException(String index, String what) {
        super(
                Remedy.REPAIR,
                "Index \"" + index + "\": " + what
                        + " Run \"pgsync bootstrap\" again: it starts a new load that repairs the index.");
    }
}
