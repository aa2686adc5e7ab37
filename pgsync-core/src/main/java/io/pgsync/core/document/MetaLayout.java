package io.pgsync.core.document;

import io.pgsync.core.tree.Join;
import io.pgsync.core.tree.TreeNode;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Where the keys of each node of a tree go in {@code _meta}. The same for all documents of the tree, so it is found out once.
 *
 * @param columns in the order of {@code _meta}
 * @param rootKey the number of the root's column among them
 */
record MetaLayout(List<Column> columns, int rootKey, List<OfNode> children) {
    /** An entry of {@code _meta}: by table, then by column. */
    record Column(String table, String name) implements Comparable<Column> {
        @Override
        public int compareTo(Column other) {
            int order = table.compareTo(other.table);
            return order == 0 ? name.compareTo(other.name) : order;
        }
    }

    /**
     * The numbers of the columns of a node's values.
     *
     * @param throughKeySize how many values of a through row come first
     * @param linkedThroughKey where they go if it has a far row; empty if nowhere
     * @param unlinkedThroughKey where they go if it has none; empty if nowhere
     * @param key of the far row, or of the row without a through table
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record OfNode(
            int throughKeySize, int[] linkedThroughKey, int[] unlinkedThroughKey, int[] key, List<OfNode> children) {}

    static MetaLayout of(TreeNode root) {
        var rootColumn = new Column(root.table().name().table(), root.key().get(0));
        var all = new TreeSet<>(List.of(rootColumn));
        root.children().forEach(child -> collect(child, all));
        List<Column> columns = List.copyOf(all);
        return new MetaLayout(columns, columns.indexOf(rootColumn), children(root, columns));
    }

    private static void collect(TreeNode node, Collection<Column> all) {
        all.addAll(keyOf(node));
        node.join().flatMap(Join::through).ifPresent(join -> {
            all.addAll(linked(join));
            all.addAll(unlinked(join));
        });
        node.children().forEach(child -> collect(child, all));
    }

    private static List<OfNode> children(TreeNode node, List<Column> columns) {
        return node.children().stream().map(child -> of(child, columns)).toList();
    }

    private static OfNode of(TreeNode node, List<Column> columns) {
        Optional<Join.Through> through = node.join().flatMap(Join::through);
        return new OfNode(
                through.map(join -> join.table().key().size()).orElse(0),
                numbers(through.map(MetaLayout::linked).orElse(List.of()), columns),
                numbers(through.map(MetaLayout::unlinked).orElse(List.of()), columns),
                numbers(keyOf(node), columns),
                children(node, columns));
    }

    private static List<Column> keyOf(TreeNode node) {
        return columns(node.table().name().table(), node.metaColumns());
    }

    private static List<Column> columns(String table, List<String> names) {
        return names.stream().map(name -> new Column(table, name)).toList();
    }

    /** What PGSync lists; of a through table without a primary key the keys are as those of an unlinked row. */
    private static List<Column> linked(Join.Through join) {
        return join.isKeyless()
                ? unlinked(join)
                : columns(join.table().table().name().table(), join.table().key());
    }

    private static List<Column> unlinked(Join.Through join) {
        String table = join.table().table().name().table();
        List<String> names = join.hidesKeys() ? join.table().key() : List.of();
        return columns(
                MetaKeys.UNLINKED,
                names.stream().map(name -> MetaKeys.unlinkedField(table, name)).toList());
    }

    private static int[] numbers(List<Column> some, List<Column> columns) {
        return some.stream().mapToInt(columns::indexOf).toArray();
    }
}
