package io.pgsync.torture.truth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;

/** {@code replace} over the whole document, then {@code rename}, then {@code concat}, then {@code move}. */
final class TruthTransforms {
    /** As jsonb keeps them: the later of two fields that get one name wins. */
    private static final Comparator<byte[]> JSONB_ORDER =
            Comparator.<byte[]>comparingInt(key -> key.length).thenComparing(Arrays::compareUnsigned);

    private TruthTransforms() {}

    static ObjectNode transformed(ObjectNode document, TruthNode root) {
        var renamed = (ObjectNode) rename(replace(document, root), root);
        concat(renamed, root);
        TruthMoves.apply(renamed, root);
        return renamed;
    }

    private static JsonNode replace(JsonNode value, TruthNode node) {
        if (node.isScalar()) {
            var rule = node.transform("replace")
                    .path(ColumnExpression.parse(firstColumn(node)).fieldName());
            return replaceByRule(value, rule);
        }
        return eachObject(value, object -> {
            node.transform("replace").properties().forEach(rule -> {
                if (object.has(rule.getKey())) {
                    object.set(rule.getKey(), replaceByRule(object.get(rule.getKey()), rule.getValue()));
                }
            });
            for (var child : node.children()) {
                object.set(child.label(), replace(object.get(child.label()), child));
            }
            return object;
        });
    }

    private static String firstColumn(TruthNode node) {
        return node.columns().isEmpty() ? "" : node.columns().get(0);
    }

    /** A rule of rules descends into objects, and drops the elements of a list that are none. */
    private static JsonNode replaceByRule(JsonNode value, JsonNode rule) {
        var nested = StreamSupport.stream(rule.spliterator(), false).anyMatch(JsonNode::isObject);
        if (value.isArray()) {
            var list = SourceRows.JSON.createArrayNode();
            value.forEach(element -> {
                if (!nested || element.isObject()) {
                    list.add(nested || element.isTextual() ? replaceByRule(element, rule) : element);
                }
            });
            return list;
        }
        if (nested && value.isObject()) {
            var object = (ObjectNode) value.deepCopy();
            rule.properties().stream()
                    .filter(inner -> object.has(inner.getKey()))
                    .forEach(inner ->
                            object.set(inner.getKey(), replaceByRule(object.get(inner.getKey()), inner.getValue())));
            return object;
        }
        return !nested && value.isTextual() ? replaceText(value.textValue(), rule) : value;
    }

    private static TextNode replaceText(String text, JsonNode rule) {
        for (var pair : rule.properties()) {
            text = text.replace(pair.getKey(), pair.getValue().asText());
        }
        return TextNode.valueOf(text);
    }

    private static JsonNode rename(JsonNode value, TruthNode node) {
        if (node.isScalar()) {
            return value;
        }
        var renames = effectiveRenames(node);
        return eachObject(value, object -> {
            for (var child : node.children()) {
                object.set(child.label(), rename(object.get(child.label()), child));
            }
            var renamed = SourceRows.JSON.createObjectNode();
            fieldsInOrder(object)
                    .forEach(field ->
                            renamed.set(renames.getOrDefault(field.getKey(), field.getKey()), field.getValue()));
            return renamed;
        });
    }

    /** The renames of a child stand in the place of its parent's rename of the child's label. */
    static Map<String, String> effectiveRenames(TruthNode node) {
        var renames = node.renames();
        node.children().stream()
                .filter(TruthTransforms::renamesAnything)
                .forEach(child -> renames.remove(child.label()));
        return renames;
    }

    private static boolean renamesAnything(TruthNode node) {
        return !node.renames().isEmpty() || node.children().stream().anyMatch(TruthTransforms::renamesAnything);
    }

    private static List<Map.Entry<String, JsonNode>> fieldsInOrder(ObjectNode object) {
        var fields = new ArrayList<>(object.properties());
        fields.sort(Comparator.comparing(field -> field.getKey().getBytes(StandardCharsets.UTF_8), JSONB_ORDER));
        return fields;
    }

    private static void concat(JsonNode value, TruthNode node) {
        if (node.isScalar()) {
            return;
        }
        var renames = effectiveRenames(node);
        eachObject(value, object -> {
            for (var child : node.children()) {
                concat(object.path(renames.getOrDefault(child.label(), child.label())), child);
            }
            var rules = node.transform("concat");
            (rules.isArray() ? rules : SourceRows.JSON.createArrayNode().add(rules))
                    .forEach(rule -> concatInto(object, rule));
            return object;
        });
    }

    private static void concatInto(ObjectNode object, JsonNode rule) {
        if (rule.isMissingNode()) {
            return;
        }
        var parts = new ArrayList<String>();
        for (var column : rule.path("columns")) {
            var part = object.has(column.asText()) ? object.get(column.asText()) : column;
            if (!PythonText.isFalsy(part)) {
                parts.add(PythonText.of(part));
            }
        }
        object.put(
                rule.path("destination").asText(),
                String.join(rule.path("delimiter").asText(""), parts));
    }

    /** A missing child stays null; in a list every element that is an object. */
    private static JsonNode eachObject(JsonNode value, UnaryOperator<ObjectNode> change) {
        if (value.isArray()) {
            var list = SourceRows.JSON.createArrayNode();
            value.forEach(element -> list.add(eachObject(element, change)));
            return list;
        }
        return value.isObject() ? change.apply((ObjectNode) value) : value;
    }
}
