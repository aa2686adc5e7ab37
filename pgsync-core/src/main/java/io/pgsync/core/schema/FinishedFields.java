package io.pgsync.core.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/** The top-level names that a document has once its root's transforms are done. */
final class FinishedFields {
    private static final String FROM_ROOT = "$root.";

    private FinishedFields() {}

    static Set<String> namesOf(TreeNode root) {
        JsonNode renames = root.transform().path("rename");
        var names = new LinkedHashSet<String>();
        root.fields().forEach(field -> names.add(renamed(field.name(), renames)));
        root.children().forEach(child -> names.add(renamed(child.label(), renames)));
        oneOrMany(root.transform().path("concat"))
                .forEach(concat -> names.add(concat.path("destination").asText()));
        addMoved(root, true, names);
        return names;
    }

    private static String renamed(String name, JsonNode renames) {
        JsonNode target = renames.path(name);
        return target.isValueNode() ? target.asText() : name;
    }

    private static void addMoved(TreeNode node, boolean isRoot, Collection<String> names) {
        for (JsonNode move : oneOrMany(node.transform().path("move"))) {
            String destination = move.path("destination").asText();
            if (isRoot || destination.startsWith(FROM_ROOT)) {
                names.add(destination.replace(FROM_ROOT, "").split("\\.", 2)[0]);
            }
        }
        node.children().forEach(child -> addMoved(child, false, names));
    }

    private static List<JsonNode> oneOrMany(JsonNode rules) {
        return rules.isArray()
                ? StreamSupport.stream(rules.spliterator(), false).toList()
                : rules.isObject() ? List.of(rules) : List.of();
    }
}
