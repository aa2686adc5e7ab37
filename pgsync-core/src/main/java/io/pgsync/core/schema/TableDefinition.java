package io.pgsync.core.schema;

import io.pgsync.core.change.TableName;
import java.util.List;
import java.util.Optional;

/** A table or view as the catalogue describes it. {@code primaryKey} is in the order of the constraint, empty where there is none. */
public record TableDefinition(
        TableName name,
        Kind kind,
        List<ColumnDefinition> columns,
        List<String> primaryKey,
        List<ForeignKey> foreignKeys) {
    public TableDefinition {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        foreignKeys = List.copyOf(foreignKeys);
    }

    /** What kind of relation it is; decides how its changes reach the stream. */
    public enum Kind {
        TABLE,
        PARTITIONED_TABLE,
        VIEW,
        MATERIALIZED_VIEW,
        FOREIGN_TABLE,
        UNLOGGED_TABLE
    }

    public Optional<ColumnDefinition> column(String column) {
        return columns.stream().filter(c -> c.name().equals(column)).findFirst();
    }
}
