package io.pgsync.torture.truth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

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

    public static TrueDocument parse(String index, String id, Optional<String> routing, String source)
            throws JsonProcessingException {
        return new TrueDocument(index, id, routing, (ObjectNode) SourceRows.JSON.readTree(source));
    }

    /** Every line of a file of expectations. */
    public static List<TrueDocument> readAll(Path file) throws IOException {
        try (var lines = SourceRows.JSON.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
            return lines.readAll().stream().map(TrueDocument::of).toList();
        }
    }

    /** The hits of a search's answer; {@code names} gives the name in the schema file of the index of a hit. */
    public static List<TrueDocument> ofHits(String answer, UnaryOperator<String> names) throws JsonProcessingException {
        var documents = new ArrayList<TrueDocument>();
        for (var hit : SourceRows.JSON.readTree(answer).path("hits").path("hits")) {
            var document = of(hit);
            var index = names.apply(document.index());
            documents.add(new TrueDocument(index, document.id(), document.routing(), document.source()));
        }
        return documents;
    }

    /** The same document of another index. */
    public TrueDocument in(String other) {
        return new TrueDocument(other, id, routing, source);
    }

    /** What no two documents share. */
    public String key() {
        return index + "/" + id + routing.map(value -> " routed by " + value).orElse("");
    }
}
