package io.pgsync.elasticsearch.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A field that documents are found by, as an index maps it. A search for a field that is not mapped, or mapped and not indexed, is no error:
 * it finds nothing.
 *
 * @param path with dots
 * @param place the path of the field or object whose mapping says how it is indexed
 * @param mapping as it should be at {@code place}, where the index can be made to have it so
 */
record KeyField(String path, State state, String place, ObjectNode mapping) {
    private static final String EXACT = "keyword";

    enum State {
        /** Every value is found. */
        FOUND,
        /** Not mapped, or mapped so that no document is taken with it: the engine would have mapped or refused it. */
        NEW,
        /** Some values are left out of the index, and the engine notes in which documents. */
        SHORTENED,
        /** Documents may have it unseen. */
        UNSEEN,
        /** Mapped so that no search finds it, or not every value, which cannot be changed. */
        CLOSED
    }

    /** {@code body}: the mapping of a text field or of any other. */
    static JsonNode exact(ObjectNode body) {
        return body.path("type").asText().equals("text") ? body.path("fields").path(EXACT) : body;
    }

    /** The field that exact values are searched in, where some may be left out of it. */
    String exactPath() {
        return mapping.path("type").asText().equals("text") ? path + "." + EXACT : path;
    }

    boolean is(State... states) {
        return List.of(states).contains(state);
    }
}
