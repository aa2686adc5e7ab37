package io.pgsync.core.catalog;

import io.pgsync.core.change.TableName;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A foreign key constraint; {@code columns} and {@code referencedColumns} pair by position.
 *
 * @param enforced whether all rows obey it, now and after every change; if not, it only shows how the tables are meant
 *     to be joined
 */
public record ForeignKey(
        String name, List<String> columns, TableName references, List<String> referencedColumns, boolean enforced) {
    public ForeignKey {
        columns = List.copyOf(columns);
        referencedColumns = List.copyOf(referencedColumns);
    }

    /** A constraint that the server enforces. */
    public ForeignKey(String name, List<String> columns, TableName references, List<String> referencedColumns) {
        this(name, columns, references, referencedColumns, true);
    }

    /** Whether the server guarantees that every row with such a link finds a row in {@code lower}. */
    public boolean enforces(Collection<ColumnPair> link, TableName lower) {
        return enforced
                && references.equals(lower)
                && IntStream.range(0, columns.size())
                        .mapToObj(i -> new ColumnPair(columns.get(i), referencedColumns.get(i)))
                        .collect(Collectors.toSet())
                        .equals(Set.copyOf(link));
    }
}
