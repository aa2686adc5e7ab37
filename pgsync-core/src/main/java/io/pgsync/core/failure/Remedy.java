package io.pgsync.core.failure;

/** What a failure calls for; decided by the exception that knows the cause. */
public enum Remedy {
    /** A fault that passes: try again after a back-off, in the same process. */
    RETRY,
    /** The configuration, the schema file or a server must be changed by a person first. */
    STOP,
    /** The index may miss changes: only a repair (a backfill) brings it back to the truth. */
    REPAIR;

    /** Whether {@code failure} is one of ours that passes by itself. */
    public static boolean passes(Throwable failure) {
        return RETRY.isOf(failure);
    }

    /** Whether {@code failure} is one of ours that calls for this. */
    public boolean isOf(Throwable failure) {
        return failure instanceof SyncException known && known.remedy() == this;
    }
}
