package io.pgsync.elasticsearch.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.mapping.IndexMappings;

/** The settings that a new index gets: the user's, and ours where they say nothing. */
public final class CreationSettings {
    /** Deletes must be remembered longer than any older write can be on its way. */
    static final String GC_DELETES = "10m";

    private static final String FIELD_LIMIT = "mapping.total_fields.limit";
    /** What the engine takes when nobody says more. */
    private static final int DEFAULT_FIELD_LIMIT = 1_000;

    private CreationSettings() {}

    /** {@code settings}: below {@code index}, in any of the engine's notations. */
    public static ObjectNode of(ObjectNode settings, ObjectNode mappings) {
        ObjectNode complete = settings.deepCopy();
        if (!gives(settings, "gc_deletes")) {
            complete.put("gc_deletes", GC_DELETES);
        }
        int fields = IndexMappings.fieldCount(mappings);
        if (fields > DEFAULT_FIELD_LIMIT && !gives(settings, FIELD_LIMIT)) {
            // As much room for fields that only values bring, JSON columns for instance, as other indexes have.
            complete.put(FIELD_LIMIT, fields + DEFAULT_FIELD_LIMIT);
        }
        return complete;
    }

    private static boolean gives(JsonNode settings, String name) {
        return !value(settings, name).isEmpty();
    }

    /** What settings say of {@code name}, with or without {@code index} in front; empty when they say nothing. */
    public static String value(JsonNode settings, String name) {
        JsonNode plain = find(settings, name);
        JsonNode found = plain.isMissingNode() ? find(settings, "index." + name) : plain;
        return found.asText();
    }

    /** Each dot of a name may also be a step into an object. */
    private static JsonNode find(JsonNode settings, String name) {
        if (settings.has(name)) {
            return settings.path(name);
        }
        for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
            JsonNode below = find(settings.path(name.substring(0, dot)), name.substring(dot + 1));
            if (!below.isMissingNode()) {
                return below;
            }
        }
        return MissingNode.getInstance();
    }
}
