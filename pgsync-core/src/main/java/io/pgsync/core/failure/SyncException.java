package io.pgsync.core.failure;

/**
 * A failure that names its place and its remedy. The message is written for the operator: what happened, where (index, table, key,
 * LSN), and what to do.
 */
public class SyncException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Remedy remedy;

    /** {@code message}: sentences for the operator. */
    public SyncException(Remedy remedy, String message) {
        super(message);
        this.remedy = remedy;
    }

    /** The same with what was thrown below. */
    public SyncException(Remedy remedy, String message, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    /** What helps: to try again, to correct something first, or to load again. */
    public final Remedy remedy() {
        return remedy;
    }
}
