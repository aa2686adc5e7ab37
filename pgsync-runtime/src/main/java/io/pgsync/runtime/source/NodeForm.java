package io.pgsync.runtime.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The nodes of a schema file in one form: two trees that give the same documents by the meaning of their attributes
 * have the same form. Defaults are left out, and what has no order is sorted. Mappings are left out: they are not in
 * the documents.
 */
public final class NodeForm {
    private static final String TABLE = "table";
    private static final String LABEL = "label";
    private static final String CHILDREN = "children";
    private static final String COLUMNS = "columns";
    private static final String TRANSFORM = "transform";
    private static final String MOVE = "move";
    /** Texts are replaced in the order given. */
    private static final String REPLACE = "replace";

    /** A single value stands for a list of one. */
    private static final List<String> LISTS = List.of("primary_key", "concat", MOVE);

    private NodeForm() {}

    /** A node with all nodes below it. */
    public static JsonNode of(JsonNode root) {
        return of(root, true, hasMoves(root));
    }

    private static JsonNode of(JsonNode node, boolean isRoot, boolean ordered) {
        ObjectNode form = attributes(node);
        if (isRoot) {
            form.remove(LABEL);
        }
        Stream<JsonNode> children = children(node);
        if (!ordered) {
            children = children.sorted(Comparator.comparing(NodeForm::label));
        }
        ArrayNode below = form.putArray(CHILDREN);
        children.forEach(child -> below.add(of(child, false, ordered)));
        return form;
    }

    /** The nodes directly below, in the order of the file. */
    public static Stream<JsonNode> children(JsonNode node) {
        return node.path(CHILDREN).valueStream();
    }

    /** The name of a node's field in its parent. */
    public static String label(JsonNode node) {
        return node.path(LABEL).asText(node.path(TABLE).asText());
    }

    /** Whether a field leaves its place; then the order of nodes may decide which value stays. */
    public static boolean hasMoves(JsonNode node) {
        return !node.path(TRANSFORM).path(MOVE).isEmpty() || children(node).anyMatch(NodeForm::hasMoves);
    }

    /** What a node says of itself, by the name of each attribute. */
    public static ObjectNode attributes(JsonNode node) {
        ObjectNode form = JsonNodeFactory.instance.objectNode();
        members(node).forEach((name, value) -> attribute(node, name, value).ifPresent(kept -> form.set(name, kept)));
        return form;
    }

    private static Optional<JsonNode> attribute(JsonNode node, String name, JsonNode value) {
        return switch (name) {
            case CHILDREN -> Optional.empty();
            case LABEL -> value.equals(node.path(TABLE)) ? Optional.empty() : Optional.of(value);
            case "schema" -> List.of("", "public").contains(value.asText()) ? Optional.empty() : Optional.of(value);
            case COLUMNS -> notEmpty(columns(node));
            case "base_tables" -> notEmpty(sorted(value.valueStream()));
            case TRANSFORM -> notEmpty(transform(value));
            default -> notEmpty(LISTS.contains(name) ? list(value) : sorted(value));
        };
    }

    private static Optional<JsonNode> notEmpty(JsonNode value) {
        return value.isNull() || (value.isContainerNode() && value.isEmpty()) ? Optional.empty() : Optional.of(value);
    }

    /** A scalar is the value of the first column. */
    private static ArrayNode columns(JsonNode node) {
        Stream<JsonNode> columns = node.path(COLUMNS).valueStream().filter(JsonNode::isTextual);
        boolean isScalar = node.path("relationship").path("variant").asText().equals("scalar");
        return isScalar ? array(columns) : sorted(columns);
    }

    private static ObjectNode transform(JsonNode transform) {
        ObjectNode form = JsonNodeFactory.instance.objectNode();
        members(transform).forEach((name, rules) -> {
            if (!name.equals("mapping")) {
                JsonNode kept = sorted(LISTS.contains(name) ? list(rules) : rules);
                // As a text, because members of objects have no order.
                notEmpty(kept)
                        .ifPresent(
                                some -> form.set(name, name.equals(REPLACE) ? form.textNode(rules.toString()) : some));
            }
        });
        return form;
    }

    private static ArrayNode list(JsonNode value) {
        return value.isArray() ? (ArrayNode) value.deepCopy() : array(Stream.of(value));
    }

    private static ArrayNode array(Stream<JsonNode> elements) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        elements.forEach(array::add);
        return array;
    }

    private static ArrayNode sorted(Stream<JsonNode> texts) {
        return array(texts.sorted(Comparator.comparing(JsonNode::asText)));
    }

    /** With the members of all objects in alphabetical order. */
    private static JsonNode sorted(JsonNode value) {
        if (value.isArray()) {
            return array(value.valueStream().map((UnaryOperator<JsonNode>) NodeForm::sorted));
        }
        if (!value.isObject()) {
            return value;
        }
        ObjectNode form = JsonNodeFactory.instance.objectNode();
        members(value).forEach((name, member) -> form.set(name, sorted(member)));
        return form;
    }

    /** In alphabetical order. */
    private static SortedMap<String, JsonNode> members(JsonNode object) {
        var members = new TreeMap<String, JsonNode>();
        object.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        return members;
    }
}
