package io.pgsync.replication.query;

import io.pgsync.core.catalog.ColumnPair;
import io.pgsync.core.catalog.TableDefinition.Kind;
import io.pgsync.core.schema.Cardinality;
import io.pgsync.core.schema.Variant;
import io.pgsync.core.tree.Join;
import io.pgsync.core.tree.TreeNode;
import io.pgsync.replication.sql.SqlNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One node of a document query: a lateral sub-select below its parent's row. It gives {@code doc}, the JSON of the
 * node's field in the parent, and {@code keys}, the keys of its rows and of all rows below. {@code MetaKeys} reads the
 * keys as an array of rows; each row has the key values (through row first), then the {@code keys} of the children.
 */
final class NodeSql {
    /** Marks, in a sub-select, the rows that match the node's own condition. */
    private static final String MATCHES = SqlNames.quoted("pgsync matches");

    /** Names a version of a row, see {@link #markedRows}. */
    static final String MARK = "pgsync mark";

    /** The field of the document's keys; it replaces a column of that name. */
    private static final String META = "_meta";

    private final TreeNode node;
    private final String alias;
    private final String through;
    private final List<String> laterals = new ArrayList<>();
    private final Map<String, String> fields = new LinkedHashMap<>();
    private final List<String> childKeys = new ArrayList<>();

    private NodeSql(TreeNode node, String alias) {
        this.node = node;
        this.alias = alias;
        this.through = alias + "_via";
        node.fields().forEach(field -> fields.put(field.name(), JsonSql.value(node, field, alias)));
        for (int i = 0; i < node.children().size(); i++) {
            addChild(node.children().get(i), alias + "_" + (i + 1));
        }
        if (node.join().isEmpty()) {
            fields.remove(META);
        }
    }

    /** The node with everything below it; {@code alias} names its row. */
    static NodeSql of(TreeNode node, String alias) {
        return new NodeSql(node, alias);
    }

    private void addChild(TreeNode child, String childAlias) {
        NodeSql below = of(child, childAlias);
        String result = childAlias + "_r";
        laterals.add(" LEFT JOIN LATERAL (" + below.rowsUnder(alias) + ") " + result + " ON true");
        // A label that equals the name of a column or sibling replaces it.
        fields.put(child.label(), result + ".doc");
        childKeys.add(result + ".keys");
    }

    /** The joins to which {@link #document()} and {@link #keysBelow()} refer; they come after the node's own table. */
    String laterals() {
        return String.join("", laterals);
    }

    /** The object of the node's fields and children. */
    String document() {
        return JsonSql.object(fields);
    }

    /** The keys of everything below the node's row. */
    String keysBelow() {
        return JsonSql.array(childKeys);
    }

    private String rowsUnder(String parent) {
        Join join = node.join().orElseThrow();
        String from = join.through()
                .map(via -> fromThrough(via, parent))
                .orElseGet(() -> fromDirect(equal(join.toParent(), parent, alias)));
        String order = orderBy(join);
        if (node.cardinality() == Cardinality.ONE_TO_ONE) {
            String first = isUnique(join) ? "" : " ORDER BY " + order + " LIMIT 1";
            return "SELECT " + asJson(element(join)) + " AS doc, json_build_array(" + rowKeys(join) + ") AS keys" + from
                    + first;
        }
        if (node.limit().isPresent()) {
            return "SELECT json_agg(doc ORDER BY n) AS doc, json_agg(keys) AS keys FROM (SELECT "
                    + asJson(element(join)) + " AS doc, " + rowKeys(join) + " AS keys, row_number() OVER (ORDER BY "
                    + order
                    + ") AS n" + from + " ORDER BY n LIMIT " + node.limit().getAsInt() + ") limited";
        }
        return "SELECT json_agg(" + element(join) + " ORDER BY " + order + ") AS doc, json_agg(" + rowKeys(join)
                + ") AS keys" + from;
    }

    private String fromDirect(String where) {
        return " FROM " + table(node.where().orElse(null)) + laterals() + " WHERE " + where
                + (node.where().isPresent() ? " AND " + alias + "." + MATCHES : "");
    }

    /**
     * A through row without a far row stays, as a null element; a through row whose far row does not match the
     * condition is left out.
     */
    private String fromThrough(Join.Through join, String parent) {
        String matching = node.where().isPresent() ? " AND (" + absent() + " OR " + alias + "." + MATCHES + ")" : "";
        return " FROM " + SqlNames.quoted(join.table().table().name()) + " AS " + through + " LEFT JOIN "
                + table(node.where().orElse(null)) + " ON " + equal(join.toNode(), through, alias) + laterals()
                + " WHERE "
                + equal(join.toParent(), parent, through) + matching;
    }

    /**
     * The node's table under its alias. The condition is in a sub-select, where plain column names belong to the table.
     */
    private String table(@Nullable String condition) {
        String name = SqlNames.quoted(node.table().name());
        return condition == null
                ? name + " AS " + alias
                : "(SELECT " + columns() + ", ((" + condition + ")) IS TRUE AS " + MATCHES + " FROM " + name + ") AS "
                        + alias;
    }

    /**
     * Exactly the columns that are needed besides the condition: the role need not have the right to read all columns.
     */
    private String columns() {
        var columns = new LinkedHashSet<String>(node.key());
        columns.addAll(node.metaColumns());
        node.fields().forEach(field -> columns.add(field.column()));
        node.sort().forEach(sort -> columns.add(sort.column()));
        node.join().ifPresent(join -> join.toNode().forEach(pair -> columns.add(pair.lower())));
        for (TreeNode child : node.children()) {
            child.join().ifPresent(join -> join.toParent().forEach(pair -> columns.add(pair.upper())));
        }
        return columns.stream().map(SqlNames::quoted).collect(Collectors.joining(", "));
    }

    /** The root's table under its alias, with the condition for its rows. */
    String rootTable() {
        return table(node.where().orElse(null));
    }

    /** The root's rows with {@link #MARK} beside their keys: the transaction that wrote this version, and its place. */
    String markedRows(boolean wanted) {
        boolean marked = wanted
                && Set.of(Kind.TABLE, Kind.PARTITIONED_TABLE)
                        .contains(node.table().kind());
        String mark = marked ? "CAST(xmin AS text) || ' ' || CAST(ctid AS text)" : "CAST('' AS text)";
        String matches = node.where()
                .map(condition -> ", ((" + condition + ")) IS TRUE AS " + MATCHES)
                .orElse("");
        return "(SELECT " + node.key().stream().map(SqlNames::quoted).collect(Collectors.joining(", ")) + ", " + mark
                + " AS " + SqlNames.quoted(MARK) + matches + " FROM "
                + SqlNames.quoted(node.table().name()) + ") AS "
                + alias;
    }

    String rootCondition() {
        return node.where().isPresent() ? " AND " + alias + "." + MATCHES : "";
    }

    private String element(Join join) {
        String value = node.variant() == Variant.SCALAR
                ? JsonSql.value(node, node.fields().get(0), alias)
                : document();
        boolean mayBeAbsent = join.through().isPresent() && node.variant() == Variant.OBJECT;
        return mayBeAbsent ? "CASE WHEN NOT (" + absent() + ") THEN " + value + " END" : value;
    }

    private String absent() {
        return Sql.column(alias, node.key().get(0)) + " IS NULL";
    }

    private String asJson(String element) {
        return node.variant() == Variant.SCALAR ? "to_json(" + element + ")" : element;
    }

    private String rowKeys(Join join) {
        var values = new ArrayList<String>();
        join.through()
                .map(Join.Through::table)
                .ifPresent(via -> via.key()
                        .forEach(column -> values.add(JsonSql.metaValue(
                                via.table().column(column).orElseThrow().type(), Sql.column(through, column)))));
        node.metaColumns()
                .forEach(column -> values.add(JsonSql.metaValue(node.typeOf(column), Sql.column(alias, column))));
        values.addAll(childKeys);
        return JsonSql.array(values);
    }

    /**
     * First the order from the schema file, then the key, so that the order of elements never depends on a query plan.
     */
    private String orderBy(Join join) {
        var order = new ArrayList<String>();
        node.sort()
                .forEach(sort ->
                        order.add(Sql.column(alias, sort.column()) + (sort.descending() ? " DESC NULLS LAST" : "")));
        node.key().forEach(column -> order.add(Sql.column(alias, column)));
        join.through().ifPresent(via -> via.table().key().forEach(column -> order.add(Sql.column(through, column))));
        return String.join(", ", order);
    }

    /** True if at most one row can match, because the join fixes a whole key. */
    private boolean isUnique(Join join) {
        return join.through().isEmpty()
                && !node.table().primaryKey().isEmpty()
                && join.toNode().stream()
                        .map(ColumnPair::lower)
                        .toList()
                        .containsAll(node.table().primaryKey());
    }

    private static String equal(List<ColumnPair> pairs, String upper, String lower) {
        return pairs.stream()
                .map(pair -> Sql.column(lower, pair.lower()) + " = " + Sql.column(upper, pair.upper()))
                .collect(Collectors.joining(" AND "));
    }
}
