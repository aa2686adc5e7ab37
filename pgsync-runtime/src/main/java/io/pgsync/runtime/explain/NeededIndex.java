package io.pgsync.runtime.explain;

import io.pgsync.core.affected.PathToRoot;
import io.pgsync.core.affected.PathToRoot.Step;
import io.pgsync.core.affected.TableRoles;
import io.pgsync.core.catalog.ColumnPair;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.catalog.TableDefinition.TableIndex;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Join;
import io.pgsync.core.tree.TreeNode;
import io.pgsync.replication.sql.SqlNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A look-up by columns of a table, which would read the whole table without an index. */
public record NeededIndex(TableDefinition table, List<String> columns) {
    public NeededIndex {
        columns = columns.stream().distinct().sorted().toList();
    }

    /** All that a document's queries need, each once. */
    public static List<NeededIndex> of(DocumentTree tree) {
        Stream<NeededIndex> toWalk = TableRoles.of(List.of(tree)).all().stream().flatMap(path -> toWalk(path).stream());
        return Stream.concat(toRead(tree).stream(), toWalk).distinct().toList();
    }

    /** For the query of a document: to find the rows below a row, and the root by its key. */
    private static List<NeededIndex> toRead(DocumentTree tree) {
        var needed = new ArrayList<NeededIndex>();
        needed.add(new NeededIndex(tree.root().table(), tree.root().key()));
        addBelow(tree.root(), needed);
        return needed.stream().distinct().toList();
    }

    private static void addBelow(TreeNode node, List<NeededIndex> needed) {
        for (TreeNode child : node.children()) {
            Join join = child.join().orElseThrow();
            if (join instanceof Join.Direct direct) {
                needed.add(new NeededIndex(child.table(), lower(direct.pairs())));
            } else if (join instanceof Join.Through through) {
                needed.add(new NeededIndex(through.table().table(), lower(through.toParent())));
                needed.add(new NeededIndex(child.table(), lower(through.toNode())));
            }
            addBelow(child, needed);
        }
    }

    private static List<String> lower(List<ColumnPair> pairs) {
        return pairs.stream().map(ColumnPair::lower).toList();
    }

    /** For the way from a changed row up to its roots. */
    private static List<NeededIndex> toWalk(PathToRoot path) {
        return path.steps().stream().map(NeededIndex::above).toList();
    }

    /** To find the rows above a row. */
    public static NeededIndex above(Step step) {
        return new NeededIndex(
                step.upper(), step.pairs().stream().map(ColumnPair::upper).toList());
    }

    /** False for a view: the indexes of its tables serve it, or none does. */
    public boolean isPossible() {
        return switch (table.kind()) {
            case TABLE, PARTITIONED_TABLE, MATERIALIZED_VIEW, UNLOGGED_TABLE -> true;
            case VIEW, FOREIGN_TABLE -> false;
        };
    }

    public boolean isMissing() {
        return isPossible() && found().isEmpty();
    }

    /** An index that leads with just these columns, or that finds a single row by some of them. */
    public Optional<TableIndex> found() {
        return table.indexes().stream().filter(this::isServedBy).findFirst();
    }

    private boolean isServedBy(TableIndex index) {
        List<String> leading =
                index.columns().stream().limit(columns.size()).sorted().toList();
        boolean findsOneRow = index.unique() && !index.columns().isEmpty() && columns.containsAll(index.columns());
        return leading.equals(columns) || findsOneRow;
    }

    /** The statement that creates it beside running writes; a partitioned table cannot have that. */
    public String statement() {
        String concurrently = table.kind() == TableDefinition.Kind.PARTITIONED_TABLE ? "" : "CONCURRENTLY ";
        return "CREATE INDEX " + concurrently + "ON " + SqlNames.quoted(table.name()) + " ("
                + columns.stream().map(SqlNames::quoted).collect(Collectors.joining(", ")) + ");";
    }

    /** Says whether it is there. */
    public String state() {
        if (!isPossible()) {
            return "a view: indexes of its tables";
        }
        return found().map(index -> "index " + index.name()).orElse("MISSING INDEX");
    }

    @Override
    public String toString() {
        return table.name() + " (" + String.join(", ", columns) + ")";
    }
}
