package io.pgsync.elasticsearch.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A field by which documents are found, and how an index maps it. A search for a field that is not mapped, or mapped
 * and not indexed, gives no error: it finds nothing.
 *
 * @param path with dots
 * @param place the path of the field or object whose mapping decides how it is indexed
 * @param mapping the mapping that {@code place} should have, if the index can be changed to it
 */
record KeyField(String path, State state, String place, ObjectNode mapping) {
    private static final String EXACT = "keyword";

    enum State {
        /** Every value is found. */
        FOUND,
        /**
         * Not mapped, or mapped so that the engine refuses documents with it. So no document has it: the engine would
         * have mapped or refused it.
         */
        NEW,
        /** Some values are not indexed, and the engine notes in which documents. */
        SHORTENED,
        /** Documents may have it without being found. */
        UNSEEN,
        /** Mapped so that searches do not find it, or not all its values, and this cannot be changed. */
        CLOSED
    }

    /** {@code body}: the mapping of a text field or of any other. */
    static JsonNode exact(ObjectNode body) {
        return body.path("type").asText().equals("text") ? body.path("fields").path(EXACT) : body;
    }

    /** The field for searches of exact values, if some may be missing in it. */
    String exactPath() {
        return mapping.path("type").asText().equals("text") ? path + "." + EXACT : path;
    }

    boolean is(State... states) {
        return List.of(states).contains(state);
    }
}
