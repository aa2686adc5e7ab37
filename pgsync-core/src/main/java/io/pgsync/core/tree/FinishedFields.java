package io.pgsync.core.tree;

import io.pgsync.core.transform.Transform;
import java.util.LinkedHashSet;
import java.util.Set;

/** The top-level names of a document after its root's transforms. */
final class FinishedFields {
    private FinishedFields() {}

    static Set<String> namesOf(TreeNode root) {
        Transform transform = root.transform();
        var names = new LinkedHashSet<String>();
        root.fields().forEach(field -> names.add(transform.finishedName(field.name())));
        root.children().forEach(child -> names.add(transform.finishedName(child.label())));
        transform.concats().forEach(concat -> names.add(concat.destination()));
        root.nodes()
                .flatMap(node -> node.transform().moves().stream()
                        .filter(move -> node.join().isEmpty() || move.fromRoot()))
                .forEach(move -> names.add(move.path().get(0)));
        return names;
    }
}
