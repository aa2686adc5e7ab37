package io.pgsync.core.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Removes fields from node mappings if the index would not have their analyzer or normalizer. PGSync ignores node
 * mappings beside a top-level {@code mapping}, so such a file works there; the engine would refuse the whole index.
 */
final class UndefinedAnalysis {
    private static final List<String> PARAMETERS =
            List.of("analyzer", "search_analyzer", "search_quote_analyzer", "normalizer");
    /** Elasticsearch reference, "Built-in analyzer reference" and "Normalizers". */
    private static final Set<String> BUILT_IN = Set.of(
            ("default standard simple whitespace stop keyword pattern fingerprint lowercase arabic armenian basque bengali brazilian"
                            + " bulgarian catalan cjk czech danish dutch english estonian finnish french galician german greek hindi"
                            + " hungarian indonesian irish italian latvian lithuanian norwegian persian portuguese romanian russian"
                            + " serbian sorani spanish swedish thai turkish")
                    .split(" "));

    private UndefinedAnalysis() {}

    /** {@code setting}: the index settings of schema.json. */
    static void removeFrom(ObjectNode mapping, JsonNode setting) {
        Set<String> defined = new HashSet<>(BUILT_IN);
        for (JsonNode analysis :
                List.of(setting.path("analysis"), setting.path("index").path("analysis"))) {
            analysis.path("analyzer").fieldNames().forEachRemaining(defined::add);
            analysis.path("normalizer").fieldNames().forEachRemaining(defined::add);
        }
        removeFields(mapping, defined::contains);
    }

    private static void removeFields(JsonNode mapping, Predicate<String> isDefined) {
        for (String children : List.of("properties", "fields")) {
            if (mapping.path(children) instanceof ObjectNode fields) {
                fields.removeIf(field -> !canBeAnalyzed(field, isDefined));
                fields.forEach(field -> removeFields(field, isDefined));
            }
        }
    }

    private static boolean canBeAnalyzed(JsonNode field, Predicate<String> isDefined) {
        return PARAMETERS.stream()
                .map(field::path)
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .allMatch(isDefined);
    }
}
