package io.pgsync.core.change;

/** What the log has of a row before its update or delete. In a KEY row only the columns of the identity have values. */
public record OldRow(Kind kind, Row row) {
    /** How much of the old row is in the log, by the table's replica identity. */
    public enum Kind {
        KEY,
        FULL
    }
}
