package io.pgsync.runtime.source;

import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.change.TableName;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.JoinStep;
import io.pgsync.core.tree.TreeNode;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The tables of trees, each with the columns that decide to which documents its rows belong: keys, and links in any
 * role.
 */
public final class LinkedTables {
    private final Map<TableName, Linked> tables = new TreeMap<>();

    private LinkedTables() {}

    /** A table and its key and link columns, in alphabetical order. */
    public record Linked(TableDefinition table, Set<String> columns) {}

    public static Collection<Linked> of(Collection<DocumentTree> trees) {
        var linked = new LinkedTables();
        for (DocumentTree tree : trees) {
            tree.root().nodes().forEach(linked::add);
            tree.root().joinsBelow().forEach(linked::add);
        }
        return linked.tables.values();
    }

    private void add(TreeNode node) {
        add(node.table(), node.key());
        node.baseTables().forEach(table -> add(table, table.primaryKey()));
    }

    private void add(JoinStep step) {
        add(step.upper(), step.upperColumns());
        add(step.lower(), step.lowerColumns());
    }

    private void add(TableDefinition table, Collection<String> columns) {
        Set<String> all = tables.computeIfAbsent(table.name(), name -> new Linked(table, new TreeSet<>()))
                .columns();
        all.addAll(table.primaryKey());
        all.addAll(columns);
    }
}
