package io.pgsync.core.change;

import java.util.List;

/** A table as the stream announced it, before its first row and again after every change of its columns. */
public record Relation(int oid, TableName name, ReplicaIdentity identity, List<Column> columns) {
    public Relation {
        columns = List.copyOf(columns);
    }

    /** Which old values the log has for an update or delete (ALTER TABLE … REPLICA IDENTITY). */
    public enum ReplicaIdentity {
        DEFAULT,
        NOTHING,
        FULL,
        INDEX
    }

    /** {@code partOfIdentity}: old rows of kind {@link OldRow.Kind#KEY} have this column. */
    public record Column(String name, int typeOid, boolean partOfIdentity) {}

    /** The position of a column, or -1. */
    public int indexOf(String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(column)) {
                return i;
            }
        }
        return -1;
    }
}
