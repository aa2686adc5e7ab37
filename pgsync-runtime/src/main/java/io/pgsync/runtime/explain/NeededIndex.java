package io.pgsync.runtime.explain;

import io.pgsync.core.affected.PathToRoot;
import io.pgsync.core.affected.TableRoles;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.catalog.TableDefinition.TableIndex;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.JoinStep;
import io.pgsync.replication.sql.SqlNames;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A look-up by columns of a table. Without an index it would read the whole table. */
public record NeededIndex(TableDefinition table, List<String> columns) {
    public NeededIndex {
        columns = columns.stream().distinct().sorted().toList();
    }

    /** All that a document's queries need, each once. */
    public static List<NeededIndex> of(DocumentTree tree) {
        Stream<NeededIndex> toWalk = TableRoles.of(List.of(tree)).all().stream().flatMap(path -> toWalk(path).stream());
        return Stream.concat(toRead(tree), toWalk).distinct().toList();
    }

    /** For the query of a document: finding the rows below a row, and the root by its key. */
    private static Stream<NeededIndex> toRead(DocumentTree tree) {
        var root = new NeededIndex(tree.root().table(), tree.root().key());
        Stream<NeededIndex> below =
                tree.root().joinsBelow().map(step -> new NeededIndex(step.lower(), step.lowerColumns()));
        return Stream.concat(Stream.of(root), below);
    }

    /** For the way from a changed row up to its roots. */
    private static List<NeededIndex> toWalk(PathToRoot path) {
        return path.steps().stream().map(NeededIndex::above).toList();
    }

    /** To find the rows above a row. */
    public static NeededIndex above(JoinStep step) {
        return new NeededIndex(step.upper(), step.upperColumns());
    }

    /** False for a view: the indexes of its tables serve the look-up, or nothing does. */
    public boolean isPossible() {
        return switch (table.kind()) {
            case TABLE, PARTITIONED_TABLE, MATERIALIZED_VIEW, UNLOGGED_TABLE -> true;
            case VIEW, FOREIGN_TABLE -> false;
        };
    }

    public boolean isMissing() {
        return isPossible() && found().isEmpty();
    }

    /** An index whose first columns are these, or a unique one over some of them, which finds a single row. */
    public Optional<TableIndex> found() {
        return table.indexes().stream().filter(this::isServedBy).findFirst();
    }

    private boolean isServedBy(TableIndex index) {
        List<String> leading =
                index.columns().stream().limit(columns.size()).sorted().toList();
        boolean findsOneRow = index.unique() && !index.columns().isEmpty() && columns.containsAll(index.columns());
        return leading.equals(columns) || findsOneRow;
    }

    /**
     * The statement that creates the index without blocking writes. PostgreSQL cannot do that for a partitioned table.
     */
    public String statement() {
        String concurrently = table.kind() == TableDefinition.Kind.PARTITIONED_TABLE ? "" : "CONCURRENTLY ";
        return "CREATE INDEX " + concurrently + "ON " + SqlNames.quoted(table.name()) + " ("
                + columns.stream().map(SqlNames::quoted).collect(Collectors.joining(", ")) + ");";
    }

    /** Says whether the index exists. */
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
