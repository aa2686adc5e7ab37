package io.pgsync.core.catalog;

import io.pgsync.core.change.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tables that a schema file names, as they are in one database.
 *
 * @param otherNames names of other tables and views, for suggestions if a named table does not exist
 */
public record Catalog(String database, Map<TableName, TableDefinition> tables, List<TableName> otherNames) {
    public Catalog {
        tables = Map.copyOf(tables);
        otherNames = List.copyOf(otherNames);
    }

    public Catalog(String database, Map<TableName, TableDefinition> tables) {
        this(database, tables, List.of());
    }

    /** Empty if the database has no such table. */
    public Optional<TableDefinition> table(TableName name) {
        return Optional.ofNullable(tables.get(name));
    }
}
