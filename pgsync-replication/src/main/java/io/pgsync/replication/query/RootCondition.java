package io.pgsync.replication.query;

import io.pgsync.core.affected.PathToRoot;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.JoinStep;
import io.pgsync.core.tree.TreeNode;
import io.pgsync.replication.sql.SqlNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An SQL condition over the columns of a tree's root for the roots that have a certain row somewhere below. It has the
 * form of the conditions of {@link io.pgsync.core.document.DocumentReader#matching}.
 */
public final class RootCondition {
    private final TreeNode root;

    public RootCondition(DocumentTree tree) {
        this.root = tree.root();
    }

    /**
     * The roots with a row of {@code node} below them that matches {@code row}, a condition over the node's own columns;
     * with any row if it is empty. The conditions of the nodes in between do not count, so there may be some too many.
     */
    public String withRow(TreeNode node, Optional<String> row) {
        List<TreeNode> path = pathTo(root, node).orElseThrow();
        return path.isEmpty() ? row.orElse("true") : exists(root, tableName(root), path, row);
    }

    /**
     * The roots that a walk on {@code path} reaches from the rows that match {@code rows}, a condition over the columns
     * of the table where the path starts.
     */
    public String above(PathToRoot path, String rows) {
        if (path.isRoot()) {
            return rows;
        }
        List<JoinStep> steps = path.steps();
        // A sub-select, where plain column names belong to the table alone.
        var from = new StringBuilder("(SELECT "
                + path.linkColumns().stream().map(SqlNames::quoted).collect(Collectors.joining(", ")) + " FROM "
                + SqlNames.quoted(path.start().name()) + " WHERE " + rows + ") AS r0");
        for (int i = 1; i < steps.size(); i++) {
            from.append(" JOIN ")
                    .append(SqlNames.quoted(steps.get(i).lower().name()))
                    .append(" AS r")
                    .append(i)
                    .append(" ON ")
                    .append(joined(steps.get(i - 1), "r" + (i - 1), "r" + i));
        }
        JoinStep last = steps.get(steps.size() - 1);
        return "EXISTS (SELECT 1 FROM " + from + " WHERE " + joined(last, "r" + (steps.size() - 1), tableName(root))
                + ")";
    }

    private static String joined(JoinStep step, String lower, String upper) {
        return step.pairs().stream()
                .map(pair -> upper + "." + SqlNames.quoted(pair.upper()) + " = " + Sql.column(lower, pair.lower()))
                .collect(Collectors.joining(" AND "));
    }

    /** The nodes below {@code from} down to {@code node}. */
    private static Optional<List<TreeNode>> pathTo(TreeNode from, TreeNode node) {
        if (from.pointer().equals(node.pointer())) {
            return Optional.of(List.of());
        }
        for (TreeNode child : from.children()) {
            Optional<List<TreeNode>> below = pathTo(child, node);
            if (below.isPresent()) {
                var path = new ArrayList<>(List.of(child));
                path.addAll(below.get());
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }

    private static String exists(TreeNode parent, String upper, List<TreeNode> path, Optional<String> row) {
        TreeNode node = path.get(0);
        String alias = "n" + path.size();
        List<JoinStep> steps = node.join().orElseThrow().steps(parent.table(), node.table());
        var tables = new ArrayList<String>();
        var conditions = new ArrayList<String>();
        String above = upper;
        for (int i = 0; i < steps.size(); i++) {
            String below = i == steps.size() - 1 ? alias : alias + "_via";
            String parentOfStep = above;
            tables.add(SqlNames.quoted(steps.get(i).lower().name()) + " AS " + below);
            steps.get(i)
                    .pairs()
                    .forEach(pair -> conditions.add(Sql.column(below, pair.lower()) + " = " + parentOfStep + "."
                            + SqlNames.quoted(pair.upper())));
            above = below;
        }
        rowOf(node, alias, path, row).ifPresent(conditions::add);
        return "EXISTS (SELECT 1 FROM " + String.join(", ", tables) + " WHERE " + String.join(" AND ", conditions)
                + ")";
    }

    private static Optional<String> rowOf(TreeNode node, String alias, List<TreeNode> path, Optional<String> row) {
        if (path.size() > 1) {
            return Optional.of(exists(node, alias, path.subList(1, path.size()), row));
        }
        // A sub-select, where plain column names belong to the table alone.
        return row.map(condition -> {
            String key = node.key().stream().map(SqlNames::quoted).collect(Collectors.joining(", "));
            String own =
                    node.key().stream().map(column -> Sql.column(alias, column)).collect(Collectors.joining(", "));
            return "(" + own + ") IN (SELECT " + key + " FROM "
                    + SqlNames.quoted(node.table().name()) + " WHERE " + condition + ")";
        });
    }

    /** The name by which an unaliased table is known in its statement. */
    private static String tableName(TreeNode node) {
        return SqlNames.quoted(node.table().name().table());
    }

    /** The rows of a node that one of two conditions has, and the other has not. */
    public static String differing(String one, String other) {
        return "((" + one + ") IS TRUE) <> ((" + other + ") IS TRUE)";
    }

    /** The rows in which a column has a value. */
    public static String given(String column) {
        return SqlNames.quoted(column) + " IS NOT NULL";
    }

    /** The rows in which the text of a column may have more than {@code length} characters, however they are counted. */
    public static String longer(String column, long length) {
        return "octet_length(" + SqlNames.quoted(column) + "::text) > " + length;
    }
}
