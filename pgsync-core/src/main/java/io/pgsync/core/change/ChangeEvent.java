package io.pgsync.core.change;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

/**
 * One message of the replication stream. Transactions come complete, in commit order, never interleaved: {@link Begin},
 * the changes, {@link Commit}.
 */
public sealed interface ChangeEvent
        permits ChangeEvent.Begin,
                ChangeEvent.Commit,
                ChangeEvent.Truncated,
                ChangeEvent.Message,
                ChangeEvent.RelationDescribed,
                RowChange {

    /** Bytes of the source's memory that the event holds; see {@link ChangeSource#release}. */
    default long footprint() {
        return 0;
    }

    /** {@code finalLsn} equals the {@code commitLsn} of the commit that ends the transaction. */
    record Begin(Xid xid, Lsn finalLsn, Instant committedAt) implements ChangeEvent {}

    /** {@code endLsn}, the position after the commit record, is the one to acknowledge. */
    record Commit(Lsn commitLsn, Lsn endLsn, Instant committedAt) implements ChangeEvent {}

    /** All tables of one TRUNCATE, including those reached by CASCADE. */
    record Truncated(List<Relation> relations) implements ChangeEvent {
        public Truncated {
            relations = List.copyOf(relations);
        }
    }

    /** A logical message ({@code pg_logical_emit_message}); a non-transactional one may come outside a transaction. */
    record Message(boolean transactional, Lsn lsn, String prefix, ByteBuffer content) implements ChangeEvent {
        @Override
        public long footprint() {
            return content.remaining();
        }
    }

    /** The columns of a table, announced before its first row and again after a change of them. */
    record RelationDescribed(Relation relation) implements ChangeEvent {}
}
