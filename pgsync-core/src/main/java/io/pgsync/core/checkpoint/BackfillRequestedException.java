package io.pgsync.core.checkpoint;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;

/** A load was requested in the state of an index: the next run finds the request there. */
public final class BackfillRequestedException extends SyncException {
    private static final long serialVersionUID = 1L;

    /** {@code cause}: why pgsync asked for it by itself, in words that follow the name of the index. */
    public BackfillRequestedException(String index, String cause) {
        super(
                Remedy.RETRY,
                "Index \"" + index + "\": " + cause + ". The documents that this concerns are loaded in the next run.");
    }

    /** {@code index}: the index to be loaded. */
    public BackfillRequestedException(String index) {
        super(Remedy.RETRY, "A backfill of index \"" + index + "\" was asked for; the next run takes it up.");
    }
}
