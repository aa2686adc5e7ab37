package io.pgsync.runtime.plan;

import io.pgsync.core.schema.Variant;
import io.pgsync.core.transform.Transform.Move;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Field;
import io.pgsync.core.tree.TreeNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The fields of a tree's documents by their paths, as far as the tree alone tells them. */
final class DocumentFields {
    /**
     * Where the value of a field comes from.
     *
     * @param column empty if it is not the value of one column
     * @param isObject whether it is the object of a node, whose fields are all known
     */
    record Origin(TreeNode node, Optional<String> column, boolean isObject) {}

    private final Map<String, Origin> byPath = new LinkedHashMap<>();

    private DocumentFields() {}

    static DocumentFields of(DocumentTree tree) {
        var fields = new DocumentFields();
        fields.add(tree.root(), "");
        return fields;
    }

    private void add(TreeNode node, String prefix) {
        for (Field field : node.fields()) {
            boolean isWhole =
                    field.path().isEmpty() && !node.transform().replacements().containsKey(field.name());
            String path = prefix + node.transform().finishedName(field.name());
            byPath.put(path, new Origin(node, isWhole ? Optional.of(field.column()) : Optional.empty(), false));
        }
        for (TreeNode child : node.children()) {
            addChild(child, prefix + node.transform().finishedName(child.label()));
        }
        node.transform().concats().forEach(concat -> put(prefix + concat.destination(), node));
        for (Move move : node.transform().moves()) {
            put((move.fromRoot() ? "" : prefix) + String.join(".", move.path()), node);
        }
    }

    private void addChild(TreeNode child, String path) {
        if (child.variant() == Variant.SCALAR) {
            byPath.put(path, new Origin(child, Optional.of(child.fields().get(0).column()), false));
        } else {
            byPath.put(path, new Origin(child, Optional.empty(), true));
            add(child, path + ".");
        }
    }

    private void put(String path, TreeNode node) {
        byPath.put(path, new Origin(node, Optional.empty(), false));
    }

    /** Of the field itself, or of the nearest one around it. */
    Optional<Origin> around(String path) {
        Origin found = byPath.get(path);
        int dot = path.lastIndexOf('.');
        return found == null && dot > 0 ? around(path.substring(0, dot)) : Optional.ofNullable(found);
    }

    /** Whether documents may have something at this path: a field, a part of its value, or what is around it. */
    boolean mayHave(String path) {
        return byPath.keySet().stream().anyMatch(known -> known.equals(path) || known.startsWith(path + "."))
                || around(path).filter(origin -> !origin.isObject()).isPresent();
    }
}
