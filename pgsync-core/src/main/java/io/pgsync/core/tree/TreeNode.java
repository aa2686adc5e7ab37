package io.pgsync.core.tree;

import io.pgsync.core.catalog.ColumnType;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.schema.Cardinality;
import io.pgsync.core.schema.SortColumn;
import io.pgsync.core.schema.Variant;
import io.pgsync.core.transform.Transform;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * One node of a document's tree, checked against the catalog.
 *
 * @param pointer its place in schema.json
 * @param table its table or view
 * @param label the name of its field in the parent
 * @param fields the fields it shows, in declared order, with unique names
 * @param key the columns that identify its rows: the primary key, or the columns of {@code primary_key}; ids have them
 *     in this order (alphabetical for a primary key)
 * @param metaColumns the columns that {@code _meta} lists for its rows
 * @param join how its rows belong to the parent's; empty for the root
 * @param baseTables for a view: the tables whose changes are changes of the view's row with the same key
 * @param where an SQL condition over the node's own columns
 * @param sort order of a one_to_many node's elements, before the key
 * @param limit the greatest number of elements
 */
public record TreeNode(
        String pointer,
        TableDefinition table,
        String label,
        List<Field> fields,
        List<String> key,
        List<String> metaColumns,
        Optional<Join> join,
        Cardinality cardinality,
        Variant variant,
        List<TableDefinition> baseTables,
        Optional<String> where,
        List<SortColumn> sort,
        OptionalInt limit,
        Transform transform,
        List<TreeNode> children) {
    public TreeNode {
        fields = List.copyOf(fields);
        key = List.copyOf(key);
        metaColumns = List.copyOf(metaColumns);
        baseTables = List.copyOf(baseTables);
        sort = List.copyOf(sort);
        children = List.copyOf(children);
    }

    /** The node and all nodes below it, in the order of the file. */
    public Stream<TreeNode> nodes() {
        return Stream.concat(Stream.of(this), children.stream().flatMap(TreeNode::nodes));
    }

    /** The joins below the node, in the order of the file, each from the upper table down. */
    public Stream<JoinStep> joinsBelow() {
        return children.stream()
                .flatMap(child -> Stream.concat(
                        child.join().stream().flatMap(join -> join.steps(table, child.table).stream()),
                        child.joinsBelow()));
    }

    /** The type of one of the node's columns; the tree was checked, so the column exists. */
    public ColumnType typeOf(String column) {
        return table.column(column)
                .orElseThrow(() -> new IllegalStateException(column + " is not in " + table.name()))
                .type();
    }
}
