package io.pgsync.cli.explain;

import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeNode;
import java.util.ArrayList;
import java.util.List;

/** Draws a tree as PGSync does: one line per node, labels instead of table names, three more columns per level. */
final class TreeDrawing {
    private final List<String> lines = new ArrayList<>();

    private TreeDrawing() {}

    static List<String> of(DocumentTree tree) {
        var drawing = new TreeDrawing();
        drawing.lines.add(" - " + name(tree.root()));
        drawing.addChildren(tree.root(), "   ");
        return drawing.lines;
    }

    private void addChildren(TreeNode node, String indent) {
        List<TreeNode> children = node.children();
        for (int i = 0; i < children.size(); i++) {
            boolean last = i == children.size() - 1;
            lines.add(indent + (last ? " - " : "|- ") + name(children.get(i)));
            addChildren(children.get(i), indent + (last ? "   " : "|  "));
        }
    }

    private static String name(TreeNode node) {
        return node.table().name().schema() + "." + node.label();
    }
}
