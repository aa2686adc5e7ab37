package io.pgsync.torture.truth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code move}: children first, and the elements of a list in their order. */
final class TruthMoves {
    private static final String TOP = "$root.";

    private final ObjectNode document;
    /** By the path at the top of the document. */
    private final Map<String, ArrayNode> gathered = new HashMap<>();

    private TruthMoves(ObjectNode document) {
        this.document = document;
    }

    static void apply(ObjectNode document, TruthNode root) {
        new TruthMoves(document).move(document, root, false);
    }

    private void move(JsonNode value, TruthNode node, boolean inList) {
        if (node.isScalar()) {
            return;
        }
        if (value.isArray()) {
            value.forEach(element -> move(element, node, inList));
        } else if (value.isObject()) {
            var names = TruthTransforms.effectiveRenames(node);
            for (var child : node.children()) {
                move(value.path(names.getOrDefault(child.label(), child.label())), child, inList || child.isList());
            }
            var rules = node.transform("move");
            (rules.isObject() ? List.of(rules) : rules).forEach(rule -> move((ObjectNode) value, rule, inList));
        }
    }

    private void move(ObjectNode object, JsonNode rule, boolean inList) {
        var column = rule.path("column").asText();
        var written = rule.path("destination").asText();
        var toTop = written.startsWith(TOP);
        var path = List.of((toTop ? written.substring(TOP.length()) : written).split("\\."));
        var from = toTop ? document : object;
        if (!object.has(column) || !isFree(from, path.subList(0, path.size() - 1))) {
            return;
        }
        var moved = object.remove(column);
        if (!toTop || !inList) {
            put(from, path, moved);
        } else {
            if (!gathered.containsKey(written)) {
                gathered.put(written, SourceRows.JSON.createArrayNode());
                put(from, path, gathered.get(written));
            }
            gathered.get(written).add(moved);
        }
    }

    /** Whether objects stand all along the way, or can be made. */
    private static boolean isFree(JsonNode from, List<String> way) {
        for (var step : way) {
            from = from.path(step);
            if (from.isMissingNode() || from.isNull()) {
                return true;
            }
            if (!from.isObject()) {
                return false;
            }
        }
        return true;
    }

    private static void put(ObjectNode from, List<String> path, JsonNode value) {
        var object = from;
        for (var step : path.subList(0, path.size() - 1)) {
            object = object.get(step) instanceof ObjectNode there ? there : object.putObject(step);
        }
        object.set(path.get(path.size() - 1), value);
    }
}
