package io.pgsync.core.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.schema.Variant;
import io.pgsync.core.transform.Transform.Concat;
import io.pgsync.core.tree.TreeNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code concat}, in order, so that a later rule can use the result of an earlier one.
 *
 * @param children by finished name
 */
record Concatenating(List<Concat> rules, Map<String, Concatenating> children) implements Consumer<ObjectNode> {
    static Concatenating of(TreeNode node, Renaming renaming) {
        if (node.variant() == Variant.SCALAR) {
            return new Concatenating(List.of(), Map.of());
        }
        Map<String, Concatenating> children = new HashMap<>();
        for (TreeNode child : JsonObjects.shownChildren(node)) {
            Concatenating ofChild = of(child, renaming.below(child));
            if (!ofChild.isEmpty()) {
                children.put(renaming.nameOf(child.label()), ofChild);
            }
        }
        return new Concatenating(node.transform().concats(), children);
    }

    boolean isEmpty() {
        return rules.isEmpty() && children.isEmpty();
    }

    @Override
    public void accept(ObjectNode object) {
        children.forEach((name, child) -> JsonObjects.each(object.path(name), child));
        rules.forEach(rule -> apply(rule, object));
    }

    private static void apply(Concat rule, ObjectNode object) {
        object.put(
                rule.destination(),
                rule.columns().stream()
                        .flatMap(column -> textOf(object, column))
                        .collect(Collectors.joining(rule.delimiter())));
    }

    private static Stream<String> textOf(ObjectNode object, String column) {
        JsonNode value = object.path(column);
        if (value.isMissingNode()) {
            return Stream.of(column).filter(text -> !text.isEmpty());
        }
        return PythonText.isTrue(value) ? Stream.of(PythonText.of(value)) : Stream.empty();
    }
}
