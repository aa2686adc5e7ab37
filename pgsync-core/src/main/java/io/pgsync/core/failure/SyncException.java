package io.pgsync.core.failure;

/**
 * A failure with its place and its remedy. The message is for the operator: what happened, where (index, table, key,
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

    /** The same, with its cause. */
    public SyncException(Remedy remedy, String message, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    /** The remedy: to try again, to correct something first, or to load again. */
    public final Remedy remedy() {
        return remedy;
    }
}
