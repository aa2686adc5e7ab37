package io.pgsync.replication.connection;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;

/**
 * A connection could not be made, so the failure is not about a statement. The same SQLSTATE means something else here:
 * 42501 is a missing right to connect.
 */
final class NotConnectedException extends SyncException {
    private static final long serialVersionUID = 1L;

    NotConnectedException(Remedy remedy, String message, Throwable cause) {
        super(remedy, message, cause);
    }
}
