package io.pgsync.cli.truth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** One document of an index: computed, stored in the engine, or written in a file of expectations. */
public record TrueDocument(String index, String id, Optional<String> routing, ObjectNode source) {
    /** Reads a line of {@code documents.ndjson}, or a hit of a search: both name their parts alike. */
    public static TrueDocument of(JsonNode hit) {
        var routing = hit.path("_routing");
        return new TrueDocument(
                hit.path("_index").asText(),
                hit.path("_id").asText(),
                routing.isValueNode() && !routing.isNull() ? Optional.of(routing.asText()) : Optional.empty(),
                (ObjectNode) hit.path("_source"));
    }

    /** What no two documents share. */
    public String key() {
        return index + "/" + id + routing.map(value -> " routed by " + value).orElse("");
    }
}
