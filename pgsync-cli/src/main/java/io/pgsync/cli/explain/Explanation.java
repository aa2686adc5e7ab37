package io.pgsync.cli.explain;

import io.pgsync.core.affected.PathToRoot;
import io.pgsync.core.affected.TableRoles;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.JoinStep;
import io.pgsync.runtime.explain.NeededIndex;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;

/** Prints how one document of a schema file is built. */
public final class Explanation {
    private static final String MARGIN = "    ";

    private final DocumentTree tree;
    private final PrintWriter out;

    public Explanation(DocumentTree tree, PrintWriter out) {
        this.tree = tree;
        this.out = out;
    }

    /** All of it. {@code sql}: the statement that reads the documents. */
    public void print(String sql) {
        out.println("Index " + tree.index() + " from database " + tree.database());
        TreeDrawing.of(tree).forEach(out::println);
        out.println();
        out.println("The query of its documents");
        out.println(SqlLayout.of(sql, MARGIN));
        out.println();
        out.println("From a changed row to its documents");
        TableRoles.of(List.of(tree)).all().forEach(this::printPath);
        out.println();
        printIndexes();
    }

    private void printPath(PathToRoot path) {
        if (path.isRoot()) {
            out.println(MARGIN + path.start().name() + ": its own");
            return;
        }
        out.println(MARGIN + path.start().name());
        path.steps()
                .forEach(step -> out.println(MARGIN + MARGIN + joined(step) + "  ["
                        + NeededIndex.above(step).state() + "]"));
    }

    private static String joined(JoinStep step) {
        return step.pairs().stream()
                .map(pair -> name(step.upper()) + "." + pair.upper() + " = " + name(step.lower()) + "." + pair.lower())
                .collect(Collectors.joining(" and "));
    }

    private static String name(TableDefinition table) {
        return table.name().table();
    }

    /** Only the indexes, and the statements that create missing ones. */
    public void printIndexes() {
        out.println("Indexes for index " + tree.index());
        List<NeededIndex> needed = NeededIndex.of(tree);
        needed.forEach(index -> out.println(MARGIN + index + ": " + index.state()));
        List<NeededIndex> missing =
                needed.stream().filter(NeededIndex::isMissing).toList();
        if (!missing.isEmpty()) {
            out.println("Create what is missing with");
            missing.forEach(index -> out.println(MARGIN + index.statement()));
        }
    }

    /** One document: lines after - are only stored, lines after + are what would be stored now. */
    public void printDocument(String id, SideBySide document) {
        out.println("Document " + id + ": " + document.verdict());
        document.lines().forEach(out::println);
    }
}
