package io.pgsync.core.schema;

import io.pgsync.core.change.TableName;
import java.util.List;

/**
 * A foreign key constraint; {@code columns} and {@code referencedColumns} pair by position.
 *
 * @param enforced whether all rows obey it, now and after every change; else it says only how the tables are meant to be joined
 */
public record ForeignKey(
        String name, List<String> columns, TableName references, List<String> referencedColumns, boolean enforced) {
    public ForeignKey {
        columns = List.copyOf(columns);
        referencedColumns = List.copyOf(referencedColumns);
    }

    /** One that the server enforces. */
    public ForeignKey(String name, List<String> columns, TableName references, List<String> referencedColumns) {
        this(name, columns, references, referencedColumns, true);
    }
}
