package io.pgsync.replication.preflight;

import io.pgsync.core.change.TableName;
import java.util.Set;

/**
 * A table whose changes concern documents.
 *
 * @param columns those that queries name; empty for a table that is only published, for example because it inherits
 *     from another
 */
public record WantedTable(TableName name, Set<String> columns) {
    public WantedTable {
        columns = Set.copyOf(columns);
    }
}
