package io.pgsync.core.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.pgsync.core.schema.Variant;
import io.pgsync.core.transform.Transform.Replacement;
import io.pgsync.core.tree.TreeNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** {@code replace}, by the names of the fields before any rename. */
record Replacing(Map<String, Rule> fields) implements Consumer<ObjectNode> {
    static Replacing of(TreeNode node) {
        Map<String, Rule> fields = rules(node.transform().replacements());
        for (TreeNode child : JsonObjects.shownChildren(node)) {
            if (child.variant() == Variant.SCALAR) {
                String shown = child.fields().get(0).name();
                Optional.ofNullable(child.transform().replacements().get(shown))
                        .ifPresent(rule -> fields.put(child.label(), rule(rule)));
            } else if (!of(child).isEmpty()) {
                fields.put(child.label(), new OfChild(of(child)));
            }
        }
        return new Replacing(fields);
    }

    private static Map<String, Rule> rules(Map<String, Replacement> written) {
        Map<String, Rule> rules = new LinkedHashMap<>();
        written.forEach((field, replacement) -> rules.put(field, rule(replacement)));
        return rules;
    }

    private static Rule rule(Replacement replacement) {
        return replacement instanceof Replacement.Parts inside
                ? new Inside(new Replacing(rules(inside.parts())))
                : new Texts(((Replacement.Texts) replacement).pairs());
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    @Override
    public void accept(ObjectNode object) {
        fields.forEach((name, rule) -> {
            if (object.has(name)) {
                object.set(name, rule.applied(object.get(name)));
            }
        });
    }

    /** Gives the new value of a field. */
    sealed interface Rule {
        JsonNode applied(JsonNode value);
    }

    /** Replaces each key by its value, in order, in a string and in the strings of a list. */
    private record Texts(Map<String, String> pairs) implements Rule {
        @Override
        public JsonNode applied(JsonNode value) {
            if (value.isTextual()) {
                return TextNode.valueOf(replaced(value.textValue()));
            }
            if (!(value instanceof ArrayNode list)) {
                return value;
            }
            for (int i = 0; i < list.size(); i++) {
                if (list.get(i).isTextual()) {
                    list.set(i, replaced(list.get(i).textValue()));
                }
            }
            return list;
        }

        private String replaced(String text) {
            String result = text;
            for (Map.Entry<String, String> pair : pairs.entrySet()) {
                result = result.replace(pair.getKey(), pair.getValue());
            }
            return result;
        }
    }

    /** Rules for the parts of a JSON column. As in PGSync, a list keeps only the elements that are objects. */
    private record Inside(Replacing parts) implements Rule {
        @Override
        public JsonNode applied(JsonNode value) {
            if (!value.isArray()) {
                JsonObjects.each(value, parts);
                return value;
            }
            ArrayNode objects = JsonNodeFactory.instance.arrayNode();
            value.forEach(element -> {
                if (element instanceof ObjectNode object) {
                    parts.accept(object);
                    objects.add(object);
                }
            });
            return objects;
        }
    }

    /** Rules of a child node; a null among its elements stays. */
    private record OfChild(Replacing child) implements Rule {
        @Override
        public JsonNode applied(JsonNode value) {
            JsonObjects.each(value, child);
            return value;
        }
    }
}
