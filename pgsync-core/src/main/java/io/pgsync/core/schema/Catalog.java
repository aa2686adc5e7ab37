package io.pgsync.core.schema;

import io.pgsync.core.change.TableName;
import java.util.Map;
import java.util.Optional;

/** The tables that a schema file names, as they were found in one database. */
public record Catalog(String database, Map<TableName, TableDefinition> tables) {
    public Catalog {
        tables = Map.copyOf(tables);
    }

    public Optional<TableDefinition> table(TableName name) {
        return Optional.ofNullable(tables.get(name));
    }
}
