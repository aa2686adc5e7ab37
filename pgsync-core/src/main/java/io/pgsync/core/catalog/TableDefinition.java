package io.pgsync.core.catalog;

import io.pgsync.core.change.TableName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A table or view as the catalog describes it.
 *
 * @param columns its own columns, in order; system columns are not among them
 * @param primaryKey in the order of the constraint; empty if there is none
 * @param indexes what a look-up can use; empty if not asked for
 * @param heirs the tables that inherit from it, at any depth: their rows are rows of it, but are logged under their own
 *     names
 */
public record TableDefinition(
        TableName name,
        Kind kind,
        List<ColumnDefinition> columns,
        List<String> primaryKey,
        List<ForeignKey> foreignKeys,
        List<TableIndex> indexes,
        ReplicaIdentity replicaIdentity,
        List<TableName> heirs) {
    private static final List<ColumnDefinition> SYSTEM_COLUMNS =
            List.of(systemColumn("xmin", "xid"), systemColumn("ctid", "tid"), systemColumn("tableoid", "oid"));

    public TableDefinition {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        foreignKeys = List.copyOf(foreignKeys);
        indexes = List.copyOf(indexes);
        heirs = List.copyOf(heirs);
    }

    /** A table of which only the columns and constraints matter. */
    public TableDefinition(
            TableName name,
            Kind kind,
            List<ColumnDefinition> columns,
            List<String> primaryKey,
            List<ForeignKey> foreignKeys) {
        this(name, kind, columns, primaryKey, foreignKeys, List.of(), ReplicaIdentity.PRIMARY_KEY, List.of());
    }

    /** The kind of relation, which decides how its changes reach the stream. */
    public enum Kind {
        TABLE,
        PARTITIONED_TABLE,
        VIEW,
        MATERIALIZED_VIEW,
        FOREIGN_TABLE,
        UNLOGGED_TABLE;

        /** Views change through their base tables; the other kinds are not logged at all. */
        public boolean hasChanges() {
            return this == TABLE || this == PARTITIONED_TABLE;
        }
    }

    /** Which columns of an old row the log has ({@code REPLICA IDENTITY}). */
    public enum ReplicaIdentity {
        PRIMARY_KEY,
        UNIQUE_INDEX,
        FULL,
        NOTHING
    }

    /**
     * A valid index over the whole table.
     *
     * @param columns its leading plain columns, up to the first expression
     */
    public record TableIndex(String name, List<String> columns, boolean unique) {
        public TableIndex {
            columns = List.copyOf(columns);
        }
    }

    /** The names under which its rows are logged. */
    public Stream<TableName> loggedNames() {
        return kind.hasChanges() ? Stream.concat(Stream.of(name), heirs.stream()) : Stream.empty();
    }

    /** The column of that name; system columns of a table can be named too. */
    public Optional<ColumnDefinition> column(String column) {
        return columns.stream()
                .filter(c -> c.name().equals(column))
                .findFirst()
                .or(() -> systemColumns().stream()
                        .filter(c -> c.name().equals(column))
                        .findFirst());
    }

    private List<ColumnDefinition> systemColumns() {
        return kind == Kind.VIEW ? List.of() : SYSTEM_COLUMNS;
    }

    private static ColumnDefinition systemColumn(String name, String type) {
        return new ColumnDefinition(0, name, new ColumnType(type, type, ColumnType.Kind.BASE), true);
    }
}
