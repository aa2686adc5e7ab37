package io.pgsync.elasticsearch.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.mapping.IndexMappings;

/** The settings of a new index: the user's, completed by ours. */
public final class CreationSettings {
    /** Deletes must be remembered longer than any older write can be under way. */
    static final String GC_DELETES = "10m";

    private static final String FIELD_LIMIT = "mapping.total_fields.limit";
    /** The engine's default. */
    private static final int DEFAULT_FIELD_LIMIT = 1_000;

    private CreationSettings() {}

    /** {@code settings}: those below {@code index}, in any of the engine's notations. */
    public static ObjectNode of(ObjectNode settings, ObjectNode mappings) {
        ObjectNode complete = settings.deepCopy();
        if (!gives(settings, "gc_deletes")) {
            complete.put("gc_deletes", GC_DELETES);
        }
        int fields = IndexMappings.fieldCount(mappings);
        if (fields > DEFAULT_FIELD_LIMIT && !gives(settings, FIELD_LIMIT)) {
            // As much room for fields that come with values, for example from JSON columns, as other indexes have.
            complete.put(FIELD_LIMIT, fields + DEFAULT_FIELD_LIMIT);
        }
        return complete;
    }

    private static boolean gives(JsonNode settings, String name) {
        return !value(settings, name).isEmpty();
    }

    /** The value of {@code name} in the settings, with or without {@code index} before it; empty if it is not set. */
    public static String value(JsonNode settings, String name) {
        JsonNode plain = find(settings, name);
        JsonNode found = plain.isMissingNode() ? find(settings, "index." + name) : plain;
        return found.asText();
    }

    /** Each dot of a name may also separate an object and its field. */
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
