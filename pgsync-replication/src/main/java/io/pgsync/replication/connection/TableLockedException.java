package io.pgsync.replication.connection;

import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;

/** A statement did not get the lock on a table in time. A question has no answer now, a change was not made. */
public final class TableLockedException extends SyncException {
    private static final long serialVersionUID = 1L;

    /** {@code message} names the table, who holds the lock, and what to do. */
    public TableLockedException(String message, Throwable cause) {
        super(Remedy.RETRY, message, cause);
    }

    /** For callers that asked a question and can go on without the answer. */
    public Finding finding(String subject) {
        return Finding.warning(subject, "not known now: " + getMessage(), "");
    }
}
