package io.pgsync.replication.query;

import io.pgsync.core.schema.ColumnType;
import io.pgsync.core.schema.DocumentTree;
import io.pgsync.core.schema.TreeNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * The statements that read one document tree. The documents come one row each: the root's key columns as text, then {@code doc} and
 * {@code keys}.
 */
final class DocumentSql {
    private static final String ROOT = "t";

    private final TreeNode root;
    private final String select;
    private final String rootCondition;
    private final List<String> keyColumns;
    private final List<ColumnType> keyTypes;

    /** Positions in the key, in the order of the primary key's index where there is one: ranges follow it without sorting. */
    private final List<Integer> keyOrder;

    DocumentSql(DocumentTree tree) {
        this.root = tree.root();
        this.keyColumns =
                root.key().stream().map(column -> Sql.column(ROOT, column)).toList();
        this.keyTypes = root.key().stream().map(root::typeOf).toList();
        this.keyOrder = orderOf(root);
        NodeSql sql = NodeSql.of(root, ROOT);
        this.rootCondition = sql.rootCondition();
        this.select = "SELECT " + keyTexts() + ", " + sql.document() + " AS doc, " + sql.keysBelow() + " AS keys FROM "
                + sql.rootTable() + sql.laterals();
    }

    private static List<Integer> orderOf(TreeNode root) {
        List<String> primaryKey = root.table().primaryKey();
        List<String> order = primaryKey.size() == root.key().size() ? primaryKey : root.key();
        return order.stream().map(root.key()::indexOf).toList();
    }

    int keySize() {
        return keyColumns.size();
    }

    /** Documents of given roots; parameters as {@link KeyCondition#bind} sets them. */
    String byKeys() {
        return select + " WHERE " + keys().sql() + rootCondition;
    }

    KeyCondition keys() {
        return new KeyCondition(keyColumns, keyTypes);
    }

    /** Documents of a run of roots; the bounds that are there are parameters, one for each key column, lower bound first. */
    String byRange(boolean after, boolean last) {
        return select + " WHERE " + within(after, last) + rootCondition;
    }

    /** The keys of the same roots, and of those that are no documents; parameters as in {@link #byRange}. */
    String keysByRange(boolean after, boolean last) {
        return "SELECT " + keyTexts() + " FROM " + Sql.name(root.table().name()) + " AS " + ROOT + " WHERE "
                + within(after, last);
    }

    private String within(boolean after, boolean last) {
        var conditions = new ArrayList<String>();
        if (after) {
            conditions.add(row() + " > " + bound(0));
        }
        if (last) {
            conditions.add(row() + " <= " + bound(after ? keySize() : 0));
        }
        return conditions.isEmpty() ? "true" : String.join(" AND ", conditions);
    }

    /**
     * The keys that end the chunks of {@code size} roots after a bound (parameters as in {@link #byRange}), in key order: each found from the
     * one before by an index, none by counting from the start.
     */
    String chunkEnds(boolean after, int size) {
        String from = " FROM " + Sql.name(root.table().name()) + " AS " + ROOT;
        String order = " ORDER BY " + inOrder(keyColumns::get) + " OFFSET " + (size - 1) + " LIMIT 1";
        return "SELECT " + keyTexts() + from + (after ? " WHERE " + row() + " > " + bound(0) : "") + order;
    }

    /** The keys of the next {@code size} roots that match a condition over the root's columns; parameters as in {@link #chunkEnds}. */
    String matching(String condition, boolean after, int size) {
        // A sub-select, where plain column names are the table's own; the line break ends a comment in the condition.
        String from = " FROM (SELECT " + root.key().stream().map(Sql::name).collect(Collectors.joining(", ")) + " FROM "
                + Sql.name(root.table().name()) + " WHERE (" + condition + "\n)) AS " + ROOT;
        return "SELECT " + keyTexts() + from + (after ? " WHERE " + row() + " > " + bound(0) : "") + " ORDER BY "
                + inOrder(keyColumns::get) + " LIMIT " + size;
    }

    private String keyTexts() {
        return keyColumns.stream().map(column -> "CAST(" + column + " AS text)").collect(Collectors.joining(", "));
    }

    private String row() {
        return "(" + inOrder(keyColumns::get) + ")";
    }

    private String bound(int firstParameter) {
        return "("
                + inOrder(i -> "CAST(CAST($" + (firstParameter + i + 1) + " AS text) AS "
                        + keyTypes.get(i).sqlName() + ")")
                + ")";
    }

    private String inOrder(IntFunction<String> part) {
        return keyOrder.stream().map(part::apply).collect(Collectors.joining(", "));
    }
}
