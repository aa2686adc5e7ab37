package io.pgsync.core.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/** Merges two mappings. */
final class Merging {
    private static final String PROPERTIES = "properties";
    private static final String TEMPLATES = "dynamic_templates";
    private static final String DYNAMIC = "dynamic";
    private static final String ENABLED = "enabled";

    private Merging() {}

    /** If both define something, {@code stronger} wins; a field that gets another type loses its other parameters. */
    static void overlay(ObjectNode target, JsonNode stronger) {
        if (hasAnotherType(target, stronger)) {
            target.retain(PROPERTIES);
        }
        for (Map.Entry<String, JsonNode> entry : stronger.properties()) {
            JsonNode present = target.path(entry.getKey());
            if (present instanceof ObjectNode object && entry.getValue().isObject()) {
                overlay(object, entry.getValue());
            } else if (present instanceof ArrayNode weaker && entry.getKey().equals(TEMPLATES)) {
                // The first template that matches wins.
                target.set(TEMPLATES, ((ArrayNode) entry.getValue().deepCopy()).addAll(weaker));
            } else {
                target.set(entry.getKey(), entry.getValue().deepCopy());
            }
        }
    }

    private static boolean hasAnotherType(ObjectNode target, JsonNode stronger) {
        JsonNode type = target.path("type");
        JsonNode other = stronger.path("type");
        return type.isTextual() && other.isTextual() && !type.equals(other);
    }

    /** Adds to a body what it does not define, except the keys. */
    static void fill(ObjectNode target, JsonNode weaker) {
        fillProperties(target, weaker.path(PROPERTIES));
        target.withObjectProperty(PROPERTIES).remove(ColumnMappings.META);
        if (!target.has(ColumnMappings.DATE_DETECTION)) {
            target.set(ColumnMappings.DATE_DETECTION, weaker.path(ColumnMappings.DATE_DETECTION));
        }
        // The first template is that of the keys.
        ArrayNode templates = target.withArrayProperty(TEMPLATES);
        weaker.path(TEMPLATES).valueStream().skip(1).forEach(templates::add);
    }

    /** Searches need the keys, so they are always mapped in our way, whatever the user gave. */
    static void addKeys(ObjectNode target, JsonNode own) {
        target.withObjectProperty(PROPERTIES)
                .set(ColumnMappings.META, own.path(PROPERTIES).path(ColumnMappings.META));
        // The first template that matches wins; no pattern of the user may match the keys.
        target.withArrayProperty(TEMPLATES).insert(0, own.path(TEMPLATES).path(0));
        if (isFalse(target, ENABLED)) {
            target.remove(ENABLED);
            target.put(DYNAMIC, false);
        }
    }

    private static void fillProperties(ObjectNode target, JsonNode weaker) {
        if (isClosed(target)) {
            return;
        }
        ObjectNode properties = target.withObjectProperty(PROPERTIES);
        for (Map.Entry<String, JsonNode> entry : weaker.properties()) {
            JsonNode present = properties.path(entry.getKey());
            if (present instanceof ObjectNode object && isObjectMapping(object)) {
                fillProperties(object, entry.getValue().path(PROPERTIES));
            } else if (present.isMissingNode() && !hasDotted(properties, entry.getKey())) {
                properties.set(entry.getKey(), entry.getValue());
            }
        }
    }

    /** The user wants other fields of this object not indexed. */
    private static boolean isClosed(ObjectNode object) {
        return isFalse(object, DYNAMIC) || isFalse(object, ENABLED);
    }

    private static boolean isFalse(ObjectNode object, String parameter) {
        return object.path(parameter).asText().equals("false");
    }

    private static boolean isObjectMapping(ObjectNode field) {
        return Set.of("", "object", "nested").contains(field.path("type").asText());
    }

    /** The user mapped a part of the field by a path with dots, which also defines an object. */
    private static boolean hasDotted(ObjectNode properties, String field) {
        return properties.properties().stream().anyMatch(entry -> entry.getKey().startsWith(field + "."));
    }
}
