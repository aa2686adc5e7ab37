package io.pgsync.core.tree;

import io.pgsync.core.transform.Transform;
import io.pgsync.core.transform.Transform.Move;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** The top-level names that a document has once its root's transforms are done. */
final class FinishedFields {
    private FinishedFields() {}

    static Set<String> namesOf(TreeNode root) {
        Transform transform = root.transform();
        var names = new LinkedHashSet<String>();
        root.fields().forEach(field -> names.add(transform.finishedName(field.name())));
        root.children().forEach(child -> names.add(transform.finishedName(child.label())));
        transform.concats().forEach(concat -> names.add(concat.destination()));
        addMoved(root, true, names);
        return names;
    }

    private static void addMoved(TreeNode node, boolean isRoot, Collection<String> names) {
        for (Move move : node.transform().moves()) {
            if (isRoot || move.fromRoot()) {
                names.add(move.path().get(0));
            }
        }
        node.children().forEach(child -> addMoved(child, false, names));
    }
}
