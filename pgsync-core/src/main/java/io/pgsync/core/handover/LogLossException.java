package io.pgsync.core.handover;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;

/** The log has lost roots, and nobody can tell which: all indexes must be loaded again. */
public final class LogLossException extends SyncException {
    private static final long serialVersionUID = 1L;

    private final String what;

    /** {@code what}: the place and what is missing there; a part of a sentence, without a full stop. */
    public LogLossException(String what) {
        super(Remedy.REPAIR, "The log of work has a gap: " + what + ".");
        this.what = what;
    }

    /** What is missing, without a full stop. */
    public String what() {
        return what;
    }
}
