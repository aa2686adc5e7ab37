package io.pgsync.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A field that documents are found by, as an index maps it. A search for a field that is not mapped, or mapped and not indexed, is no error:
 * it finds nothing.
 *
 * @param path with dots
 * @param mapping as the field should be, where the index can be made to have it so
 */
record KeyField(String path, State state, ObjectNode mapping) {
    /** As many characters as fit into the longest term of the engine, 32,766 bytes, whatever they are. */
    private static final int LONGEST_TEXT = 8_191;

    private static final String META = "_meta";
    private static final String EXACT = "keyword";

    enum State {
        /** Every value is found. */
        FOUND,
        /** Not mapped, and no document has it: the engine would have mapped or refused it. */
        NEW,
        /** Long values are left out of the index. */
        SHORTENED,
        /** Not mapped, and documents may have it unseen. */
        UNSEEN,
        /** Mapped so that no search finds it, which cannot be changed. */
        CLOSED
    }

    /**
     * All fields that {@code keys}, a mapping of {@code _meta}, names.
     *
     * @param mappings of the whole index, as the engine tells them
     */
    static List<KeyField> allOf(JsonNode keys, JsonNode mappings) {
        return leaves(keys, META).map(path -> of(mappings, path)).toList();
    }

    private static Stream<String> leaves(JsonNode object, String path) {
        JsonNode properties = object.path("properties");
        return properties.isEmpty()
                ? Stream.of(path)
                : properties.propertyStream().flatMap(field -> leaves(field.getValue(), path + "." + field.getKey()));
    }

    static KeyField of(JsonNode mappings, String path) {
        ObjectNode keyword = JsonNodeFactory.instance.objectNode().put("type", EXACT);
        if (isFalse(mappings, "enabled")) {
            return new KeyField(path, State.CLOSED, keyword);
        }
        if (mappings.path("runtime").has(path)) {
            return new KeyField(path, State.FOUND, keyword);
        }
        return step(mappings, path, path, isFalse(mappings, "dynamic"), keyword);
    }

    /** Each dot of a name may be a step into an object. */
    private static KeyField step(JsonNode object, String rest, String path, boolean unseen, ObjectNode keyword) {
        JsonNode properties = object.path("properties");
        if (properties.path(rest) instanceof ObjectNode field) {
            return leaf(path, field);
        }
        int dot = rest.indexOf('.');
        JsonNode below = dot < 0 ? MissingNode.getInstance() : properties.path(rest.substring(0, dot));
        if (below.isMissingNode()) {
            return new KeyField(path, unseen ? State.UNSEEN : State.NEW, keyword);
        }
        String type = below.path("type").asText("object");
        if (type.equals("flattened")) {
            return new KeyField(path, State.FOUND, keyword);
        }
        if (!type.equals("object") || isFalse(below, "enabled")) {
            return new KeyField(path, State.CLOSED, keyword);
        }
        boolean unseenBelow = below.has("dynamic") ? isFalse(below, "dynamic") : unseen;
        return step(below, rest.substring(dot + 1), path, unseenBelow, keyword);
    }

    private static KeyField leaf(String path, ObjectNode field) {
        boolean isText = field.path("type").asText().equals("text");
        JsonNode exact = isText ? field.path("fields").path(EXACT) : field;
        if (!isSearchable(exact)) {
            return new KeyField(path, State.CLOSED, field);
        }
        if (exact.path("ignore_above").asInt(LONGEST_TEXT) >= LONGEST_TEXT) {
            return new KeyField(path, State.FOUND, field);
        }
        ObjectNode whole = field.deepCopy();
        ObjectNode part = isText ? (ObjectNode) whole.path("fields").path(EXACT) : whole;
        part.put("ignore_above", LONGEST_TEXT);
        return new KeyField(path, State.SHORTENED, whole);
    }

    private static boolean isSearchable(JsonNode field) {
        boolean hidden = isFalse(field, "index") && isFalse(field, "doc_values");
        return !hidden
                && !Set.of("", "text", "object", "nested", "binary")
                        .contains(field.path("type").asText());
    }

    private static boolean isFalse(JsonNode object, String parameter) {
        return object.path(parameter).asText().equals("false");
    }

    /** The field that exact values are searched in, where long ones may be left out of it. */
    String exactPath() {
        return mapping.path("type").asText().equals("text") ? path + "." + EXACT : path;
    }
}
