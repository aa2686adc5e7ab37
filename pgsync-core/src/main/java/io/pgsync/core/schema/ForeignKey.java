package io.pgsync.core.schema;

import io.pgsync.core.change.TableName;
import java.util.List;

/** A foreign key constraint; {@code columns} and {@code referencedColumns} pair by position. */
public record ForeignKey(String name, List<String> columns, TableName references, List<String> referencedColumns) {
    public ForeignKey {
        columns = List.copyOf(columns);
        referencedColumns = List.copyOf(referencedColumns);
    }
}
