package io.pgsync.core.checkpoint;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;

/** A load was requested in the state of an index: the next run finds the request there. */
public final class BackfillRequestedException extends SyncException {
    private static final long serialVersionUID = 1L;

    /** {@code index}: the index to be loaded. */
    public BackfillRequestedException(String index) {
        super(Remedy.RETRY, "A backfill of index \"" + index + "\" was asked for; the next run takes it up.");
    }
}
