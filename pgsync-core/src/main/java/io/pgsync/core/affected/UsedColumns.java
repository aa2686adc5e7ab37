package io.pgsync.core.affected;

import io.pgsync.core.catalog.ColumnPair;
import io.pgsync.core.change.ColumnValue;
import io.pgsync.core.change.ColumnValue.SqlNull;
import io.pgsync.core.change.ColumnValue.Text;
import io.pgsync.core.change.Relation.Column;
import io.pgsync.core.schema.SortColumn;
import io.pgsync.core.tree.Field;
import io.pgsync.core.tree.Join;
import io.pgsync.core.tree.TreeNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The columns of a table on which documents depend: shown, part of a key, of a join or of an order. An update of others changes no document,
 * and need not be looked up.
 *
 * @param names in the table
 */
public record UsedColumns(Set<String> names) {
    public UsedColumns {
        names = Set.copyOf(names);
    }

    /** Those of a node's table; empty if it may be any, because nobody knows what a condition reads. */
    static Optional<UsedColumns> of(TreeNode node) {
        if (node.where().isPresent()) {
            return Optional.empty();
        }
        Stream<String> shown = node.fields().stream().map(Field::column);
        Stream<String> keys = Stream.concat(node.key().stream(), node.metaColumns().stream());
        Stream<String> order = node.sort().stream().map(SortColumn::column);
        return Optional.of(of(Stream.of(shown, keys, order, up(node), down(node))));
    }

    private static Stream<String> up(TreeNode node) {
        return node.join().stream().flatMap(join -> join.toNode().stream()).map(ColumnPair::lower);
    }

    private static Stream<String> down(TreeNode node) {
        return node.children().stream()
                .flatMap(child -> child.join().stream())
                .flatMap(join -> join.toParent().stream())
                .map(ColumnPair::upper);
    }

    /** Those of a through table. */
    static UsedColumns of(Join.Through through) {
        return of(Stream.of(
                through.table().key().stream(),
                through.toParent().stream().map(ColumnPair::lower),
                through.toNode().stream().map(ColumnPair::upper)));
    }

    private static UsedColumns of(Stream<Stream<String>> names) {
        return new UsedColumns(names.flatMap(each -> each).collect(Collectors.toSet()));
    }

    /** Whether the log proves that all of them have the values that they had. Looks at each column of the row once. */
    boolean areSame(ChangedRow before, ChangedRow after) {
        List<Column> columns = after.proof().relation().columns();
        int same = 0;
        for (int i = 0; i < columns.size(); i++) {
            if (names.contains(columns.get(i).name())) {
                if (!isSame(before.value(i), after.value(i))) {
                    return false;
                }
                same++;
            }
        }
        // The log may lack a column: a generated one, before PostgreSQL 18.
        return same == names.size();
    }

    private static boolean isSame(ColumnValue before, ColumnValue now) {
        return (now instanceof Text || now instanceof SqlNull) && now.equals(before);
    }
}
