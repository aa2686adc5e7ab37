package io.pgsync.core.change;

import java.util.Optional;

/** One row written by a committed transaction. */
public sealed interface RowChange extends ChangeEvent {
    Relation relation();

    record RowInserted(Relation relation, Row after) implements RowChange {}

    /** {@code before} is absent when the identity's columns kept their values (and the identity is not FULL). */
    record RowUpdated(Relation relation, Optional<OldRow> before, Row after) implements RowChange {}

    record RowDeleted(Relation relation, OldRow before) implements RowChange {}
}
