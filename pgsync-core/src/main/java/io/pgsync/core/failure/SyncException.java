package io.pgsync.core.failure;

/**
 * A failure that names its place and its remedy. The message is written for the operator: what happened, where (index, table, key,
 * LSN), and what to do.
 */
public class SyncException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Remedy remedy;

    public SyncException(Remedy remedy, String message) {
        super(message);
        this.remedy = remedy;
    }

    public SyncException(Remedy remedy, String message, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    public final Remedy remedy() {
        return remedy;
    }
}
