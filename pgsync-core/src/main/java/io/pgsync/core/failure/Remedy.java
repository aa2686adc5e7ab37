package io.pgsync.core.failure;

/** What a failure calls for; the exception that knows the cause decides. */
public enum Remedy {
    /** A fault that passes: try again after a back-off, in the same process. */
    RETRY,
    /** The configuration, the schema file or a server must be changed by a person first. */
    STOP,
    /** The index may miss changes: only a repair (a backfill) brings it back to the truth. */
    REPAIR;

    /** Whether {@code failure} is one of ours that needs only another try. */
    public static boolean passes(Throwable failure) {
        return RETRY.isOf(failure);
    }

    /** Whether {@code failure} is one of ours with this remedy. */
    public boolean isOf(Throwable failure) {
        return failure instanceof SyncException known && known.remedy() == this;
    }
}
