package io.pgsync.core.change;

import java.util.Optional;

/** One row written by a committed transaction. */
public sealed interface RowChange extends ChangeEvent {
    /** The table and its columns, as the log describes them at this point of the stream. */
    Relation relation();

    /** A new row. */
    record RowInserted(Relation relation, Row after) implements RowChange {
        @Override
        public long footprint() {
            return after.footprint();
        }
    }

    /** {@code before} is absent if the columns of the identity kept their values (and the identity is not FULL). */
    record RowUpdated(Relation relation, Optional<OldRow> before, Row after) implements RowChange {
        @Override
        public long footprint() {
            return after.footprint();
        }
    }

    /** A row that is gone; {@code before} has what the replica identity logs of it. */
    record RowDeleted(Relation relation, OldRow before) implements RowChange {
        @Override
        public long footprint() {
            return before.row().footprint();
        }
    }
}
