package io.pgsync.runtime.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.runtime.plan.MappingDifference.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Compares the mapping of an index with that of a new one; both are in the engine's words, so defaults look alike. */
final class MappingComparison {
    private static final String PROPERTIES = "properties";
    private static final String FIELDS = "fields";
    private static final String TYPE = "type";
    private static final Set<String> ANALYZERS = Set.of("analyzer", "search_analyzer", "search_quote_analyzer");
    /** The keys of rows; bootstrap sees to them. */
    private static final String KEYS = "_meta";

    private static final Map<String, JsonNode> DEFAULTS = Map.of(
            "dynamic",
            JsonNodeFactory.instance.textNode("true"),
            "date_detection",
            JsonNodeFactory.instance.booleanNode(true),
            "numeric_detection",
            JsonNodeFactory.instance.booleanNode(false),
            "dynamic_templates",
            JsonNodeFactory.instance.arrayNode());

    private final List<MappingDifference> differences = new ArrayList<>();

    private MappingComparison() {}

    static List<MappingDifference> between(ObjectNode live, ObjectNode wanted) {
        var comparison = new MappingComparison();
        comparison.compareWhole(live, wanted);
        comparison.compareProperties(live.path(PROPERTIES), wanted.path(PROPERTIES), List.of(), List.of());
        return List.copyOf(comparison.differences);
    }

    /** Names of objects on the way to a field, with what the engine must be told of them again. */
    private record Step(String name, boolean isNested) {}

    private void compareWhole(ObjectNode live, ObjectNode wanted) {
        for (String name : names(live, wanted)) {
            JsonNode now = wanted.path(name);
            if (!name.equals(PROPERTIES) && !live.path(name).equals(now)) {
                ObjectNode body = object();
                JsonNode next = now.isMissingNode() ? DEFAULTS.get(name) : now;
                if (next != null) {
                    body.set(name, next);
                }
                differences.add(new MappingDifference(Kind.WHOLE, name, live.path(name), now, Set.of(name), body));
            }
        }
    }

    private void compareProperties(JsonNode live, JsonNode wanted, List<String> path, List<Step> way) {
        for (String name : names(live, wanted)) {
            if (path.isEmpty() && name.equals(KEYS)) {
                continue;
            }
            var place = new ArrayList<>(path);
            place.add(name);
            compareField(live.path(name), wanted.path(name), place, way);
        }
    }

    private void compareField(JsonNode live, JsonNode wanted, List<String> path, List<Step> way) {
        if (live.isMissingNode()) {
            add(Kind.NEW_FIELD, path, live, wanted, Set.of(), body(way, path, wanted));
        } else if (wanted.isMissingNode()) {
            add(Kind.EXTRA_FIELD, path, live, wanted, Set.of(), object());
        } else if (isObject(live) && isObject(wanted)) {
            compareObjects(live, wanted, path, way);
        } else {
            compareLeaves(live, wanted, path, way);
        }
    }

    private void compareObjects(JsonNode live, JsonNode wanted, List<String> path, List<Step> way) {
        Set<String> others = differing(live, wanted, Set.of(PROPERTIES));
        if (isNested(live) == isNested(wanted)) {
            others.remove(TYPE);
        }
        if (!others.isEmpty()) {
            ObjectNode own = ((ObjectNode) wanted.deepCopy()).without(PROPERTIES);
            add(Kind.CHANGED, path, live, wanted, others, body(way, path, own));
        }
        var below = new ArrayList<>(way);
        below.add(new Step(path.get(path.size() - 1), isNested(wanted)));
        compareProperties(live.path(PROPERTIES), wanted.path(PROPERTIES), path, below);
    }

    private void compareLeaves(JsonNode live, JsonNode wanted, List<String> path, List<Step> way) {
        Set<String> others = differing(live, wanted, Set.of(FIELDS));
        ObjectNode body = body(way, path, wanted);
        if (others.contains(TYPE) || isObject(live) != isObject(wanted)) {
            // Another kind of field, which has nothing in common with this one.
            add(Kind.CHANGED, path, live, wanted, Set.of(TYPE), body);
            return;
        }
        if (!others.isEmpty()) {
            add(Kind.CHANGED, path, live, wanted, others, body);
        }
        for (String name : names(live.path(FIELDS), wanted.path(FIELDS))) {
            var place = new ArrayList<>(path);
            place.add(name);
            JsonNode now = live.path(FIELDS).path(name);
            JsonNode then = wanted.path(FIELDS).path(name);
            if (now.isMissingNode()) {
                add(Kind.NEW_SUBFIELD, place, now, then, Set.of(), body);
            } else if (then.isMissingNode()) {
                add(Kind.EXTRA_SUBFIELD, place, now, then, Set.of(), object());
            } else if (!now.equals(then)) {
                add(Kind.CHANGED, place, now, then, differing(now, then, Set.of()), body);
            }
        }
    }

    private static Set<String> differing(JsonNode one, JsonNode other, Set<String> without) {
        Set<String> differing = names(one, other);
        differing.removeIf(
                name -> without.contains(name) || parameter(one, name).equals(parameter(other, name)));
        return differing;
    }

    /** The engine names the default analyzer only beside another one. */
    private static JsonNode parameter(JsonNode field, String name) {
        JsonNode value = field.path(name);
        return ANALYZERS.contains(name) && value.asText().equals("default") ? MissingNode.getInstance() : value;
    }

    private void add(
            Kind kind, List<String> path, JsonNode live, JsonNode wanted, Set<String> parameters, ObjectNode body) {
        differences.add(new MappingDifference(kind, String.join(".", path), live, wanted, parameters, body));
    }

    private static boolean isObject(JsonNode field) {
        return Set.of("object", "nested").contains(field.path(TYPE).asText("object"));
    }

    private static boolean isNested(JsonNode object) {
        return object.path(TYPE).asText().equals("nested");
    }

    private static ObjectNode body(List<Step> way, List<String> path, JsonNode field) {
        ObjectNode body = object();
        ObjectNode place = body.putObject(PROPERTIES);
        for (Step step : way) {
            ObjectNode around = place.putObject(step.name());
            if (step.isNested()) {
                around.put(TYPE, "nested");
            }
            place = around.putObject(PROPERTIES);
        }
        place.set(path.get(path.size() - 1), field.deepCopy());
        return body;
    }

    /** What a body of mappings says of a field or sub-field; missing if nothing. */
    static JsonNode fieldOf(JsonNode mappings, String path) {
        JsonNode field = mappings;
        for (String name : path.split("\\.", -1)) {
            JsonNode property = field.path(PROPERTIES).path(name);
            field = property.isMissingNode() ? field.path(FIELDS).path(name) : property;
        }
        return field;
    }

    /** Whether a body of mappings says anything of a field, or of one in it. Names may have dots. */
    static boolean maps(JsonNode mappings, String path) {
        return mappings.path(PROPERTIES).propertyStream().anyMatch(property -> {
            String name = property.getKey();
            return (name + ".").startsWith(path + ".")
                    || (path.startsWith(name + ".") && maps(property.getValue(), path.substring(name.length() + 1)));
        });
    }

    private static Set<String> names(JsonNode one, JsonNode other) {
        var names = new TreeSet<String>();
        one.fieldNames().forEachRemaining(names::add);
        other.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
