package io.pgsync.replication.replica;

import io.pgsync.core.change.Lsn;
import io.pgsync.replication.sql.Columns;
import io.r2dbc.spi.Readable;

/**
 * How far a server has followed its primary.
 *
 * @param isStandby whether it still replays; false after its promotion
 * @param timeline the latest one that it is known to have reached: it learns of a new one with the first data from it
 * @param replayed the end of the last record that it has replayed. Transactions that commit before it are visible
 */
record ReplicaState(boolean isStandby, String systemIdentifier, int timeline, Lsn replayed) {
    /** Functions that every role may call. */
    static final String QUERY = """
            SELECT pg_is_in_recovery(), s.system_identifier::text,
                   greatest(c.timeline_id, coalesce(r.min_recovery_end_timeline, 0)),
                   coalesce(pg_last_wal_replay_lsn(), '0/0')::text
              FROM pg_control_system() s, pg_control_checkpoint() c, pg_control_recovery() r""";

    static ReplicaState of(Readable row) {
        return new ReplicaState(
                Columns.required(row, 0, Boolean.class),
                Columns.required(row, 1, String.class),
                Columns.required(row, 2, Integer.class),
                Lsn.parse(Columns.required(row, 3, String.class)));
    }

    /** Whether it is a standby of the log in which {@code required} is a position. */
    boolean follows(RequiredPosition required) {
        return isStandby && systemIdentifier.equals(required.systemIdentifier()) && timeline == required.timeline();
    }

    boolean shows(RequiredPosition required) {
        return follows(required) && !required.position().isAfter(replayed);
    }
}
