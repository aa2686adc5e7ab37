package io.pgsync.core.tree;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.schema.NearestName;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Proposes a schema file for some tables of a database. The first table is the root. Each other table is placed as near
 * to the root as foreign keys allow, and only once, so that cycles are cut. Tables that only link two others become
 * through tables, whether they were named or not.
 */
public final class SchemaProposal {
    private static final String DEFAULT_SCHEMA = "public";

    private final Collection<TableDefinition> all;
    /** Tables that are not in the tree yet. */
    private final Map<TableName, TableDefinition> pending = new LinkedHashMap<>();

    private final Queue<Placed> placed = new ArrayDeque<>();

    private SchemaProposal(Collection<TableDefinition> all) {
        this.all = all;
    }

    private record Placed(TableDefinition table, ObjectNode node) {}

    /**
     * A schema file with one document.
     *
     * @param catalog all tables of the database
     * @param tables the root first
     * @throws SyncException if a table does not exist, or no foreign key leads to it
     */
    public static ArrayNode of(Catalog catalog, List<TableName> tables) {
        var proposal = new SchemaProposal(catalog.tables().values().stream()
                .sorted(Comparator.comparing(TableDefinition::name))
                .toList());
        tables.forEach(name -> proposal.pending.put(name, found(catalog, name)));
        ArrayNode file = JsonNodeFactory.instance.arrayNode();
        ObjectNode document = file.addObject();
        document.put("database", catalog.database()).put("index", indexName(tables.get(0)));
        document.set("nodes", proposal.tree());
        return file;
    }

    private static TableDefinition found(Catalog catalog, TableName name) {
        return catalog.table(name)
                .orElseThrow(() -> new SyncException(
                        Remedy.STOP,
                        "There is no table \"" + name + "\" in database \"" + catalog.database() + "\""
                                + NearestName.of(
                                                name.toString(),
                                                catalog.tables().keySet().stream()
                                                        .map(TableName::toString)
                                                        .toList())
                                        .map("; "::concat)
                                        .orElse("")
                                + "."));
    }

    private static String indexName(TableName root) {
        String name = root.table()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}_.-]", "_")
                .replaceFirst("^[-_.]+", "");
        return name.isEmpty() ? "documents" : name;
    }

    private ObjectNode tree() {
        TableDefinition root = pending.values().iterator().next();
        pending.remove(root.name());
        removeLinks(root);
        ObjectNode tree = node(root);
        placed.add(new Placed(root, tree));
        while (!placed.isEmpty()) {
            addChildren(placed.remove());
        }
        if (!pending.isEmpty()) {
            throw unreachable(root);
        }
        return tree;
    }

    /** Removes named tables that only link two others of the named ones. */
    private void removeLinks(TableDefinition root) {
        List<TableDefinition> asked =
                Stream.concat(Stream.of(root), pending.values().stream()).toList();
        pending.values()
                .removeIf(table -> asked.stream()
                        .anyMatch(one -> asked.stream().anyMatch(other -> ProposedJoin.isLink(table, one, other))));
    }

    private void addChildren(Placed parent) {
        for (TableDefinition table : List.copyOf(pending.values())) {
            List<ProposedJoin> joins = ProposedJoin.between(parent.table(), table, all);
            for (ProposedJoin join : joins) {
                ObjectNode child = node(table);
                String label = label(parent, table, joins.size() > 1 ? "_" + join.name() : "");
                if (!label.equals(table.name().table())) {
                    child.put("label", label);
                }
                child.set("relationship", join.relationship(table.name().schema()));
                parent.node().withArray("/children").add(child);
                // The tables below it are placed only once, below its first role.
                if (pending.remove(table.name()) != null) {
                    placed.add(new Placed(table, child));
                }
            }
        }
    }

    private static ObjectNode node(TableDefinition table) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("table", table.name().table());
        if (!table.name().schema().equals(DEFAULT_SCHEMA)) {
            node.put("schema", table.name().schema());
        }
        if (table.primaryKey().isEmpty()) {
            table.indexes().stream()
                    .filter(TableDefinition.TableIndex::unique)
                    .findFirst()
                    .ifPresent(index -> index.columns()
                            .forEach(column -> node.withArray("/primary_key").add(column)));
        }
        ArrayNode columns = node.putArray("columns");
        table.columns().forEach(column -> columns.add(column.name()));
        return node;
    }

    /** A name that no column and no other child of the parent has. */
    private static String label(Placed parent, TableDefinition table, String suffix) {
        Set<String> taken = new HashSet<>();
        parent.table().columns().forEach(column -> taken.add(column.name()));
        parent.node()
                .path("children")
                .forEach(child ->
                        taken.add(child.path("label").asText(child.path("table").asText())));
        String name = table.name().table() + suffix;
        return Stream.concat(Stream.of(name), IntStream.iterate(2, i -> i + 1).mapToObj(i -> name + "_" + i))
                .filter(candidate -> !taken.contains(candidate))
                .findFirst()
                .orElseThrow();
    }

    private SyncException unreachable(TableDefinition root) {
        String names = pending.keySet().stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
        return new SyncException(
                Remedy.STOP,
                "No foreign keys lead from \"%s\" to %s. Name the tables between them too, or add the nodes by hand."
                        .formatted(root.name(), names));
    }
}
