package io.pgsync.core.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.schema.TreeNode;
import io.pgsync.core.schema.Variant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code concat}, in order, so that a later one can use what an earlier one made.
 *
 * @param children by finished name
 */
record Concatenating(List<Rule> rules, Map<String, Concatenating> children) implements Consumer<ObjectNode> {
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
        List<Rule> rules = JsonObjects.oneOrMany(node.transform().path("concat")).stream()
                .map(Rule::of)
                .toList();
        return new Concatenating(rules, children);
    }

    boolean isEmpty() {
        return rules.isEmpty() && children.isEmpty();
    }

    @Override
    public void accept(ObjectNode object) {
        children.forEach((name, child) -> JsonObjects.each(object.path(name), child));
        rules.forEach(rule -> rule.apply(object));
    }

    /** An entry of {@code columns} that is no field of the object stands for itself. */
    record Rule(List<String> columns, String destination, String delimiter) {
        static Rule of(JsonNode written) {
            List<String> columns = JsonObjects.oneOrMany(written.path("columns")).stream()
                    .map(JsonNode::asText)
                    .toList();
            return new Rule(
                    columns,
                    written.path("destination").asText(),
                    written.path("delimiter").asText(""));
        }

        void apply(ObjectNode object) {
            object.put(
                    destination,
                    columns.stream().flatMap(column -> textOf(object, column)).collect(Collectors.joining(delimiter)));
        }

        private static Stream<String> textOf(ObjectNode object, String column) {
            JsonNode value = object.path(column);
            if (value.isMissingNode()) {
                return Stream.of(column).filter(text -> !text.isEmpty());
            }
            return PythonText.isTrue(value) ? Stream.of(PythonText.of(value)) : Stream.empty();
        }
    }
}
