package io.pgsync.core.document;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.schema.Variant;
import io.pgsync.core.transform.Transform.Rename;
import io.pgsync.core.tree.TreeNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * {@code rename}. If two fields get the same name, the later one in the order of jsonb stays. As in PGSync, a child's
 * own renames replace what the parent says about the child's label.
 *
 * @param names new names by old ones
 * @param inside renames inside the values of a field: of a child, or of a JSON column
 */
record Renaming(Map<String, String> names, Map<String, Renaming> inside) implements Consumer<ObjectNode> {
    /** Shorter keys first, then by their bytes. */
    private static final Comparator<String> JSONB_ORDER = Comparator.comparing(
            key -> key.getBytes(StandardCharsets.UTF_8),
            Comparator.<byte[]>comparingInt(key -> key.length).thenComparing(Arrays::compareUnsigned));

    static Renaming of(TreeNode node) {
        // The names of a scalar's columns are not shown.
        if (node.variant() == Variant.SCALAR) {
            return new Renaming(Map.of(), Map.of());
        }
        Renaming renaming = written(node.transform().renames());
        for (TreeNode child : JsonObjects.shownChildren(node)) {
            Renaming ofChild = of(child);
            if (!ofChild.isEmpty()) {
                renaming.names.remove(child.label());
                renaming.inside.put(child.label(), ofChild);
            }
        }
        return renaming;
    }

    private static Renaming written(Map<String, Rename> rules) {
        var renaming = new Renaming(new HashMap<>(), new HashMap<>());
        rules.forEach((field, rule) -> {
            if (rule instanceof Rename.Inside inside) {
                renaming.inside.put(field, written(inside.names()));
            } else if (rule instanceof Rename.To renamed) {
                renaming.names.put(field, renamed.name());
            }
        });
        return renaming;
    }

    boolean isEmpty() {
        return names.isEmpty() && inside.values().stream().allMatch(Renaming::isEmpty);
    }

    /** The renames of a child. */
    Renaming below(TreeNode child) {
        return inside.getOrDefault(child.label(), new Renaming(Map.of(), Map.of()));
    }

    /** The name of a field after the rename. */
    String nameOf(String field) {
        return names.getOrDefault(field, field);
    }

    @Override
    public void accept(ObjectNode object) {
        inside.forEach((name, renaming) -> JsonObjects.each(object.path(name), renaming));
        if (names.keySet().stream().noneMatch(object::has)) {
            return;
        }
        var fields = new ArrayList<>(object.properties());
        fields.sort(Map.Entry.comparingByKey(JSONB_ORDER));
        object.removeAll();
        fields.forEach(field -> object.set(nameOf(field.getKey()), field.getValue()));
    }
}
