package io.pgsync.torture.truth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.torture.truth.Links.Link;
import io.pgsync.torture.truth.SourceRows.SourceRow;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** A node of the tree with all its rows in memory. */
final class Branch {
    private final TruthNode node;
    private final List<ColumnExpression> fields;
    private final List<String> metaColumns;
    private final List<String> throughKey;
    private final List<SourceRow> rows;
    private final List<Child> children = new ArrayList<>();

    private record Child(Branch branch, Links links) {}

    private Branch(TruthNode node, List<String> metaColumns, TruthCatalog catalog, List<SourceRow> rows)
            throws SQLException {
        this.node = node;
        this.metaColumns = metaColumns;
        this.rows = rows;
        var written = node.columns();
        this.fields = (written.isEmpty()
                        ? List.copyOf(catalog.columns(node.table()).keySet())
                        : written)
                .stream().map(ColumnExpression::parse).toList();
        this.throughKey =
                node.through().isPresent() ? catalog.primaryKey(node.through().get()) : List.of();
    }

    static Branch root(TruthNode node, TruthCatalog catalog, SourceRows source) throws SQLException {
        return load(node, List.of(), catalog, source);
    }

    private static Branch load(TruthNode node, List<String> metaColumns, TruthCatalog catalog, SourceRows source)
            throws SQLException {
        var branch = new Branch(node, metaColumns, catalog, source.of(node));
        for (var child : node.children()) {
            var loaded = load(child, metaColumns(child, catalog), catalog, source);
            branch.children.add(new Child(loaded, Links.of(node, child, loaded.rows, catalog, source)));
        }
        return branch;
    }

    /** Behind a through table these are the columns that it points at, else the key. */
    private static List<String> metaColumns(TruthNode node, TruthCatalog catalog) throws SQLException {
        if (node.through().isEmpty()) {
            return catalog.key(node);
        }
        var pointedAt = new LinkedHashSet<>(catalog.referenced(node.through().get(), node.table()));
        return pointedAt.isEmpty() ? catalog.key(node) : List.copyOf(pointedAt);
    }

    List<SourceRow> rows() {
        return rows;
    }

    /** What the document shows of a row, without transforms; counts the keys of all rows below it. */
    ObjectNode objectOf(SourceRow row, KeyTally keys) {
        var object = SourceRows.JSON.createObjectNode();
        for (var field : fields) {
            object.set(field.fieldName(), field.of(row.value(field.column())));
        }
        for (var child : children) {
            object.set(child.branch.node.label(), child.branch.valueOf(child.links.below(row), keys));
        }
        return object;
    }

    private JsonNode valueOf(List<Link> links, KeyTally keys) {
        if (links.isEmpty()) {
            return NullNode.instance;
        }
        if (!node.isList()) {
            return elementOf(links.get(0), keys);
        }
        var list = SourceRows.JSON.createArrayNode();
        links.stream().limit(node.limit()).forEach(link -> list.add(elementOf(link, keys)));
        return list;
    }

    private JsonNode elementOf(Link link, KeyTally keys) {
        if (link.row().isEmpty()) {
            return NullNode.instance;
        }
        var row = link.row().get();
        keys.add(node.table().name(), metaColumns, row);
        link.through()
                .ifPresent(through -> keys.add(node.through().orElseThrow().name(), throughKey, through));
        var object = objectOf(row, keys);
        return node.isScalar() ? object.get(fields.get(0).fieldName()) : object;
    }
}
