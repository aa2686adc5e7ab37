package io.pgsync.kafka.control;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;

/**
 * Another process has become the owner of the slot, and nothing that this one records counts any more. This one begins again: if the other has the
 * slot, it learns it there.
 */
public final class SupersededException extends SyncException {
    private static final long serialVersionUID = 1L;

    SupersededException(String slot, Throwable cause) {
        super(Remedy.RETRY, "Another pgsync process took over the work topics of slot \"" + slot + "\".", cause);
    }
}
