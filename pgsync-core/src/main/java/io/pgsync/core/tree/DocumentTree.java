package io.pgsync.core.tree;

import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.schema.IndexDefinition;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One document definition of schema.json, checked against the catalog: which rows become which documents of which
 * index.
 *
 * @param routing the name of the finished document's field with the routing value
 */
public record DocumentTree(
        String database,
        String index,
        TreeNode root,
        IndexDefinition indexDefinition,
        Optional<String> routing,
        Optional<String> pipeline,
        List<String> plugins) {
    public DocumentTree {
        plugins = List.copyOf(plugins);
    }

    /**
     * Whether documents may have through rows that {@code _meta} does not list; see {@link Join.Through#hidesKeys()}.
     */
    public boolean hidesThroughKeys() {
        return throughs().anyMatch(Join.Through::hidesKeys);
    }

    /** Whether an earlier release left some of these keys out; see {@link Join.Through#hidesUnenforcedKeys()}. */
    public boolean hidesUnenforcedKeys() {
        return throughs().anyMatch(Join.Through::hidesUnenforcedKeys);
    }

    /** All tables and views that the tree names: those of nodes, through tables, base tables of views; some perhaps twice. */
    public List<TableDefinition> tables() {
        return root.nodes().flatMap(DocumentTree::tables).toList();
    }

    private static Stream<TableDefinition> tables(TreeNode node) {
        Stream<TableDefinition> through = node.join().flatMap(Join::through).stream()
                .map(join -> join.table().table());
        Stream<TableDefinition> own = Stream.concat(Stream.of(node.table()), node.baseTables().stream());
        return Stream.concat(own, through);
    }

    private Stream<Join.Through> throughs() {
        return root.nodes().flatMap(node -> node.join().flatMap(Join::through).stream());
    }
}
