package io.pgsync.runtime.source;

import io.pgsync.core.catalog.ColumnPair;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.change.TableName;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Join;
import io.pgsync.core.tree.TreeNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The tables of trees, each with the columns that say which documents its rows belong to: keys, and links in any role. */
public final class LinkedTables {
    private final Map<TableName, Linked> tables = new TreeMap<>();

    private LinkedTables() {}

    /** A table and its key and link columns, in alphabetical order. */
    public record Linked(TableDefinition table, Set<String> columns) {}

    public static Collection<Linked> of(Collection<DocumentTree> trees) {
        var linked = new LinkedTables();
        trees.forEach(tree -> linked.add(tree.root(), Optional.empty()));
        return linked.tables.values();
    }

    private void add(TreeNode node, Optional<TreeNode> parent) {
        add(node.table(), node.key());
        node.baseTables().forEach(table -> add(table, table.primaryKey()));
        node.join()
                .ifPresent(join -> add(join, node.table(), parent.orElseThrow().table()));
        node.children().forEach(child -> add(child, Optional.of(node)));
    }

    private void add(Join join, TableDefinition node, TableDefinition parent) {
        if (join instanceof Join.Through through) {
            TableDefinition between = through.table().table();
            add(parent, columns(through.toParent(), ColumnPair::upper));
            add(between, columns(through.toParent(), ColumnPair::lower));
            add(between, columns(through.toNode(), ColumnPair::upper));
            add(node, columns(through.toNode(), ColumnPair::lower));
        } else if (join instanceof Join.Direct direct) {
            add(parent, columns(direct.pairs(), ColumnPair::upper));
            add(node, columns(direct.pairs(), ColumnPair::lower));
        }
    }

    private static List<String> columns(List<ColumnPair> pairs, Function<ColumnPair, String> side) {
        return pairs.stream().map(side).toList();
    }

    private void add(TableDefinition table, Collection<String> columns) {
        Set<String> all = tables.computeIfAbsent(table.name(), name -> new Linked(table, new TreeSet<>()))
                .columns();
        all.addAll(table.primaryKey());
        all.addAll(columns);
    }
}
