package io.pgsync.core.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/** Puts two mappings into one. */
final class Merging {
    private static final String PROPERTIES = "properties";
    private static final String TEMPLATES = "dynamic_templates";

    private Merging() {}

    /** {@code stronger} wins where both say something; a field of another type loses its other parameters. */
    static void overlay(ObjectNode target, JsonNode stronger) {
        if (hasAnotherType(target, stronger)) {
            target.retain(PROPERTIES);
        }
        for (Map.Entry<String, JsonNode> entry : stronger.properties()) {
            JsonNode present = target.path(entry.getKey());
            if (present instanceof ObjectNode object && entry.getValue().isObject()) {
                overlay(object, entry.getValue());
            } else if (present instanceof ArrayNode weaker && entry.getKey().equals(TEMPLATES)) {
                // The first template that matches counts.
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

    /** Adds to a body what it leaves open. */
    static void fill(ObjectNode target, JsonNode weaker) {
        fillProperties(target, weaker.path(PROPERTIES));
        // The keys are looked up, so they are mapped even where the user wants nothing mapped that is not listed.
        target.withObjectProperty(PROPERTIES)
                .set(ColumnMappings.META, weaker.path(PROPERTIES).path(ColumnMappings.META));
        if (!target.has(ColumnMappings.DATE_DETECTION)) {
            target.set(ColumnMappings.DATE_DETECTION, weaker.path(ColumnMappings.DATE_DETECTION));
        }
        // The first template that matches counts; no user's pattern may catch the keys.
        ArrayNode templates = (ArrayNode) weaker.path(TEMPLATES);
        target.withArrayProperty(TEMPLATES).insert(0, templates.remove(0)).addAll(templates);
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

    /** The user wants further fields of this object kept out of the index. */
    private static boolean isClosed(ObjectNode object) {
        return object.path("dynamic").asText().equals("false")
                || object.path("enabled").asText().equals("false");
    }

    private static boolean isObjectMapping(ObjectNode field) {
        return Set.of("", "object", "nested").contains(field.path("type").asText());
    }

    /** The user mapped a part of the field by a path with dots, which is another way to write an object. */
    private static boolean hasDotted(ObjectNode properties, String field) {
        return properties.properties().stream().anyMatch(entry -> entry.getKey().startsWith(field + "."));
    }
}
