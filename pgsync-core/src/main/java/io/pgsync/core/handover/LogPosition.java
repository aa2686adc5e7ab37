package io.pgsync.core.handover;

import io.pgsync.core.change.Lsn;

/**
 * How far a log of work has got, as its owner has recorded.
 *
 * @param handed every change up to here is in the log
 * @param stored every change up to here was stored in the indexes, and in their states
 */
public record LogPosition(Lsn handed, Lsn stored) {
    /** Of a log without an owner so far. */
    public static final LogPosition NONE = new LogPosition(Lsn.ZERO, Lsn.ZERO);

    /**
     * The position that an index must have reached if {@code confirmed} was confirmed to the source: the log still has what lies between the two.
     * If more was confirmed than the log has, it does not count.
     */
    public Lsn owed(Lsn confirmed) {
        return confirmed.isAfter(handed) || stored.isAfter(confirmed) ? confirmed : stored;
    }
}
