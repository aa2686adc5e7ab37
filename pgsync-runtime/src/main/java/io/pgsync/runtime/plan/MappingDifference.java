package io.pgsync.runtime.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * A difference between the mapping of an index and that of a new one.
 *
 * @param path of the field, its names separated by dots; of a parameter of the whole mapping, its name
 * @param live what the index has; missing if nothing
 * @param wanted what a new index would have; missing if nothing
 * @param parameters those that differ; empty if the field as a whole is new or gone
 * @param body the change of the mapping that would make it the same; empty if there is none
 */
record MappingDifference(
        Kind kind, String path, JsonNode live, JsonNode wanted, Set<String> parameters, ObjectNode body) {
    MappingDifference {
        parameters = Set.copyOf(parameters);
    }

    enum Kind {
        /** A field that the index does not have. */
        NEW_FIELD,
        /** A way of indexing more for a field that the index has. */
        NEW_SUBFIELD,
        /** Another type or other parameters. */
        CHANGED,
        /** A field that only the index has. */
        EXTRA_FIELD,
        /** A way of indexing more that only the index has. */
        EXTRA_SUBFIELD,
        /** A parameter of the whole mapping. */
        WHOLE
    }
}
