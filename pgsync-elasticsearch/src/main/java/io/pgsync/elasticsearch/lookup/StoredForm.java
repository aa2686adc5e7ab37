package io.pgsync.elasticsearch.lookup;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What an index keeps of the documents that are sent to it.
 *
 * @param otherwise why its documents do not have the content that was sent; empty if they have
 * @param includes patterns of the only paths that it keeps; empty for all
 * @param excludes patterns of paths that it leaves out
 */
public record StoredForm(Optional<String> otherwise, List<String> includes, List<String> excludes) {
    /** Fields whose values an engine may leave out of its answers, although it keeps them. */
    private static final Set<String> VECTORS = Set.of("dense_vector", "sparse_vector", "rank_vectors", "knn_vector");

    private static final String NO_PIPELINE = "_none";

    public StoredForm {
        includes = List.copyOf(includes);
        excludes = List.copyOf(excludes);
    }

    /** Keeps everything as it was sent. */
    public static final StoredForm WHOLE = new StoredForm(Optional.empty(), List.of(), List.of());

    /** {@code settings}: in the flat form; {@code pipeline}: that of the documents. */
    static StoredForm of(JsonNode mappings, JsonNode settings, Optional<String> pipeline) {
        JsonNode source = mappings.path("_source");
        return new StoredForm(
                pipeline(settings, pipeline).or(() -> otherwise(source, settings)),
                texts(source.path("includes")),
                Stream.concat(texts(source.path("excludes")).stream(), vectors(mappings, ""))
                        .toList());
    }

    private static Optional<String> pipeline(JsonNode settings, Optional<String> own) {
        return Stream.of(
                        own,
                        Optional.ofNullable(settings.get("index.default_pipeline"))
                                .map(JsonNode::asText),
                        Optional.ofNullable(settings.get("index.final_pipeline"))
                                .map(JsonNode::asText))
                .flatMap(Optional::stream)
                .filter(name -> !name.equals(NO_PIPELINE))
                .findFirst()
                .map("the ingest pipeline \"%s\" may change its documents"::formatted);
    }

    private static Optional<String> otherwise(JsonNode source, JsonNode settings) {
        String mode = source.path("mode")
                .asText(settings.path("index.mapping.source.mode").asText());
        if (mode.equals("disabled") || !source.path("enabled").asBoolean(true)) {
            return Optional.of("it does not keep the source of its documents");
        }
        return mode.equals("synthetic")
                ? Optional.of("its source is synthetic, made from the indexed values")
                : Optional.empty();
    }

    private static Stream<String> vectors(JsonNode mapping, String prefix) {
        return mapping.path("properties").propertyStream().flatMap(field -> vectors(field, prefix));
    }

    private static Stream<String> vectors(Map.Entry<String, JsonNode> field, String prefix) {
        String path = prefix + field.getKey();
        return VECTORS.contains(field.getValue().path("type").asText())
                ? Stream.of(path)
                : vectors(field.getValue(), path + ".");
    }

    private static List<String> texts(JsonNode array) {
        return array.isTextual()
                ? List.of(array.asText())
                : array.valueStream().map(JsonNode::asText).toList();
    }

    /** Whether the engine parses a document and writes it again, which changes the forms of numbers. */
    public boolean isRewritten() {
        return !includes.isEmpty() || !excludes.isEmpty();
    }
}
