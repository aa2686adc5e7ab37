package io.pgsync.replication.query;

import io.pgsync.core.catalog.ColumnType;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeNode;
import io.pgsync.replication.sql.SqlNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * The statements that read one document tree. Each document is one row: the root's key columns as text, then
 * {@code doc}, {@code keys}, and the {@code bytes} of both. A document with more than the allowed bytes stays on the
 * server: its {@code doc} and {@code keys} are null.
 */
final class DocumentSql {
    private static final String ROOT = "t";
    private static final String BUILT = "built";

    /** The size in the server's memory, where json is text: a call of its length function would copy it. */
    private static final String BYTES =
            "(CAST(pg_column_size(built.doc) AS int8) + CAST(pg_column_size(built.keys) AS int8))";

    private final TreeNode root;
    private final String select;
    private final String rootCondition;
    private final String rootTable;
    private final NodeSql rootSql;
    private final List<String> keyColumns;
    private final List<ColumnType> keyTypes;

    /** Whether a row may have a null in its key; such a row has no document and is in no range. */
    private final boolean mayLackKeys;

    /**
     * Positions in the key, in the order of the primary key's index if there is one: ranges in that order need no
     * sorting.
     */
    private final List<Integer> keyOrder;

    /** For documents of any size. */
    DocumentSql(DocumentTree tree) {
        this(tree, Long.MAX_VALUE);
    }

    /** {@code maxBytes}: larger documents are not sent. */
    DocumentSql(DocumentTree tree, long maxBytes) {
        this.root = tree.root();
        this.keyColumns =
                root.key().stream().map(column -> Sql.column(ROOT, column)).toList();
        this.keyTypes = root.key().stream().map(root::typeOf).toList();
        this.keyOrder = orderOf(root);
        this.mayLackKeys = root.key().stream()
                .anyMatch(column -> !root.table().column(column).orElseThrow().notNull());
        NodeSql sql = NodeSql.of(root, ROOT);
        this.rootCondition = sql.rootCondition();
        this.rootTable = sql.rootTable();
        this.rootSql = sql;
        this.select = "SELECT " + keyTexts() + ", " + unlessLarger(maxBytes, "doc") + ", "
                + unlessLarger(maxBytes, "keys") + ", " + BYTES + " AS bytes FROM " + sql.rootTable() + sql.laterals()
                // OFFSET 0 is an optimization fence: a document is built once, not for every use.
                + " CROSS JOIN LATERAL (SELECT " + sql.document() + " AS doc, " + sql.keysBelow()
                + " AS keys OFFSET 0) AS " + BUILT;
    }

    private static String unlessLarger(long maxBytes, String column) {
        return "CASE WHEN " + BYTES + " <= " + maxBytes + " THEN " + Sql.column(BUILT, column) + " END AS " + column;
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

    /**
     * For given roots (parameters as in {@link #byKeys}) that would be documents: their key columns, and a mark that
     * changes with every write of the row; empty if it is not {@code wanted} or the table has none.
     */
    String marksByKeys(boolean wanted) {
        return "SELECT " + keyTexts() + ", " + Sql.column(ROOT, NodeSql.MARK) + " FROM " + rootSql.markedRows(wanted)
                + " WHERE " + keys().sql() + rootCondition;
    }

    KeyCondition keys() {
        return new KeyCondition(keyColumns, keyTypes);
    }

    /**
     * Documents of a range of roots. Each bound that is present needs a parameter for each key column, the lower bound
     * first.
     */
    String byRange(boolean after, boolean last) {
        return select + " WHERE " + within(after, last) + rootCondition;
    }

    /** The keys of the same roots, including those that have no document; parameters as in {@link #byRange}. */
    String keysByRange(boolean after, boolean last) {
        return "SELECT " + keyTexts() + " FROM " + SqlNames.quoted(root.table().name()) + " AS " + ROOT + " WHERE "
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
        // A comparison can be true although a part of the key is null, if the parts before it decide.
        conditions.add(hasKey());
        return String.join(" AND ", conditions);
    }

    private String hasKey() {
        return mayLackKeys ? nulls() + " = 0" : "true";
    }

    private String nulls() {
        return "pg_catalog.num_nulls(" + String.join(", ", keyColumns) + ")";
    }

    /** The number of rows that would be documents but have no key; empty if there can be none. */
    Optional<String> keyless() {
        return mayLackKeys
                ? Optional.of("SELECT count(*) FROM " + rootTable + " WHERE " + nulls() + " > 0" + rootCondition)
                : Optional.empty();
    }

    /**
     * The keys that end the chunks of {@code size} roots after a bound (parameters as in {@link #byRange}), in key
     * order. An index finds each from the one before; nothing is counted from the start.
     */
    String chunkEnds(boolean after, int size) {
        return keysAfter(after, size - 1, 1);
    }

    /**
     * The keys of {@code size} roots after a bound (parameters as in {@link #byRange}), in key order, after skipping
     * {@code passed}.
     */
    String keysAfter(boolean after, int passed, int size) {
        String from = " FROM " + SqlNames.quoted(root.table().name()) + " AS " + ROOT;
        String order = " ORDER BY " + inOrder(keyColumns::get) + " OFFSET " + passed + " LIMIT " + size;
        return "SELECT " + keyTexts() + from + " WHERE " + within(after, false) + order;
    }

    /** The keys of the first {@code size} roots in key order, or of the last. */
    String outermost(boolean last, int size) {
        String direction = last ? " DESC" : "";
        return "SELECT " + keyTexts() + " FROM " + SqlNames.quoted(root.table().name()) + " AS " + ROOT + " WHERE "
                + hasKey() + " ORDER BY " + inOrder(position -> keyColumns.get(position) + direction) + " LIMIT "
                + size;
    }

    /** As {@link #keysAfter}, for roots that match a condition over the root's columns. */
    String matching(String condition, boolean after, int passed, int size) {
        // A sub-select, where plain column names belong to the table; the line break ends a comment in the condition.
        String from =
                " FROM (SELECT " + root.key().stream().map(SqlNames::quoted).collect(Collectors.joining(", "))
                        + " FROM " + SqlNames.quoted(root.table().name()) + " WHERE (" + condition + "\n)) AS " + ROOT;
        return "SELECT " + keyTexts() + from + " WHERE " + within(after, false) + " ORDER BY "
                + inOrder(keyColumns::get) + " OFFSET " + passed + " LIMIT " + size;
    }

    /** Fails unless the parameters, one for each key column, are texts of values of their types. */
    String keyValues() {
        return "SELECT pg_catalog.num_nulls" + bound(0);
    }

    private String keyTexts() {
        return keyColumns.stream().map(Sql::text).collect(Collectors.joining(", "));
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
