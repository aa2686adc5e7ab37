package io.pgsync.core.checkpoint;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;

/** Somebody asked in the state of an index for a load: the next run finds it there. */
public final class BackfillRequestedException extends SyncException {
    private static final long serialVersionUID = 1L;

    /** {@code index}: the one that is to be loaded. */
    public BackfillRequestedException(String index) {
        super(Remedy.RETRY, "A backfill of index \"" + index + "\" was asked for; the next run takes it up.");
    }
}
