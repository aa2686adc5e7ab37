package io.pgsync.runtime.source;

import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.change.TableName;
import io.pgsync.core.schema.SortColumn;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Field;
import io.pgsync.core.tree.TreeNode;
import io.pgsync.replication.preflight.WantedTable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The tables whose changes concern documents: those of nodes and through tables, the base tables of views, and the
 * tables that inherit from them.
 */
public final class PublishedTables {
    private PublishedTables() {}

    public static Set<TableName> of(Collection<DocumentTree> trees) {
        var names = new TreeSet<TableName>();
        trees.stream()
                .flatMap(tree -> tree.tables().stream())
                .flatMap(TableDefinition::loggedNames)
                .forEach(names::add);
        return names;
    }

    /** The same tables, each with the columns that queries name: columns of documents, keys, links and orders. */
    public static List<WantedTable> wanted(Collection<DocumentTree> trees) {
        Map<TableName, Set<String>> columns = new TreeMap<>();
        of(trees).forEach(name -> columns.put(name, new TreeSet<>()));
        LinkedTables.of(trees).forEach(linked -> named(columns, linked.table()).addAll(linked.columns()));
        trees.forEach(tree -> tree.root().nodes().forEach(node -> addShown(columns, node)));
        return columns.entrySet().stream()
                .map(table -> new WantedTable(table.getKey(), table.getValue()))
                .toList();
    }

    private static void addShown(Map<TableName, Set<String>> columns, TreeNode node) {
        Set<String> named = named(columns, node.table());
        named.addAll(node.metaColumns());
        node.fields().stream().map(Field::column).forEach(named::add);
        node.sort().stream().map(SortColumn::column).forEach(named::add);
    }

    /** Views are read too, but they are not published; the check of the statements finds missing columns there. */
    private static Set<String> named(Map<TableName, Set<String>> columns, TableDefinition table) {
        return Optional.ofNullable(columns.get(table.name())).orElseGet(TreeSet::new);
    }
}
