package io.pgsync.core.change;

/**
 * A logged row. Values have positions, in the order of {@link Relation#columns()}; implementations may decode on
 * access.
 */
public interface Row {
    /** How many columns it has. */
    int size();

    /** The value at {@code index}, counted from 0. */
    ColumnValue value(int index);

    /** Bytes of the source's memory that the row holds. The two rows of one change share them. */
    default long footprint() {
        return 0;
    }
}
