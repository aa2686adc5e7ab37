package io.pgsync.embedded;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;

/** An embedded server could not be fetched, started or stopped; the message says what to do about it. */
public final class EmbeddedServerException extends SyncException {

    private static final long serialVersionUID = 1L;

    /** {@code message}: what failed, and where to look. */
    public EmbeddedServerException(String message) {
        super(Remedy.STOP, message);
    }

    /** The same, with its cause. */
    public EmbeddedServerException(String message, Throwable cause) {
        super(Remedy.STOP, message, cause);
    }
}
