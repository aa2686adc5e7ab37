package io.pgsync.torture.tree;

import java.util.List;
import java.util.Optional;

/**
 * Columns of a table that refer to those of another, paired by position. {@code onDelete}: what the constraint does; without one, only the
 * schema file knows of the link, and several rows may bear the value. {@code shared}: so many of the first columns belong to the
 * referring table's own key, as a tenant's number does.
 */
public record Link(
        Table from, List<String> columns, Table to, List<String> toColumns, Optional<String> onDelete, int shared) {
    /** By a constraint, to the whole key. */
    boolean declared() {
        return onDelete.isPresent();
    }

    boolean connects(Table one, Table other) {
        return (from == one && to == other) || (from == other && to == one);
    }

    /** The columns that may change without moving the row itself. */
    public List<String> ownColumns() {
        return columns.subList(shared, columns.size());
    }

    /** The value of own column {@code i} that refers to some row of the other table, chosen by a number; null if there is no row. */
    public String value(int i, String number, String tenant) {
        if (!declared()) {
            return "(" + number + ") % " + Table.CODES;
        }
        var key = to.key();
        var column = key.get(shared + i).name();
        var least = to.address();
        var order = least.name() + (key.size() > 1 ? ", x." + key.get(0).name() : "");
        return "(SELECT x.%s FROM %s x WHERE x.%s >= %s%s ORDER BY x.%s LIMIT 1)"
                .formatted(
                        column,
                        to.name(),
                        least.name(),
                        least.type().of("(" + number + ") % " + Table.NUMBERS),
                        shared == 0 ? "" : " AND x." + key.get(0).name() + " = " + tenant,
                        order);
    }

    /** The statement that declares it. */
    Optional<String> constraint() {
        return onDelete.map(
                action -> "ALTER TABLE %s ADD FOREIGN KEY (%s) REFERENCES %s (%s) ON UPDATE CASCADE ON DELETE %s"
                        .formatted(
                                from.name(),
                                String.join(", ", columns),
                                to.name(),
                                String.join(", ", toColumns),
                                action));
    }
}
