package io.pgsync.replication.stream;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;

/** Another session streams from the slot; only one can. */
public final class SlotInUseException extends SyncException {
    private static final long serialVersionUID = 1L;

    /** {@code message}: sentences for the operator. */
    public SlotInUseException(String message, Throwable cause) {
        super(Remedy.RETRY, message, cause);
    }
}
