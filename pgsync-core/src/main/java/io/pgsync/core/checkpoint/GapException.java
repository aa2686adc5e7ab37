package io.pgsync.core.checkpoint;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;

/** Changes may be missing from an index, and following on would hide it. The message names the range; a new load repairs the index. */
public final class GapException extends SyncException {
    private static final long serialVersionUID = 1L;

    private final String index;

    public GapException(String index, String what) {
        super(Remedy.REPAIR, "Index \"" + index + "\": " + what);
        this.index = index;
    }

    /** The index that has to be loaded again. */
    public String index() {
        return index;
    }
}
