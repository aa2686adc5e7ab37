package io.pgsync.elasticsearch.examination;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.core.failure.Finding;
import io.pgsync.elasticsearch.EngineKind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The types of fields in the mapping of the user; not every engine has all of them. */
final class FieldTypes {
    private FieldTypes() {}

    /** Empty if the engine may have all of them. */
    static Optional<Finding> finding(EngineKind kind, PlannedIndex plan) {
        List<String> foreign = types(plan.mappings())
                .distinct()
                .sorted()
                .filter(type -> kind.replacementOf(type).isPresent())
                .toList();
        return foreign.isEmpty()
                ? Optional.empty()
                : Optional.of(Finding.problem(
                        "types of " + plan.name(),
                        kind.label() + " does not have the type " + String.join(", ", foreign),
                        "What comes closest: " + replacements(kind, foreign)));
    }

    private static String replacements(EngineKind kind, List<String> foreign) {
        return foreign.stream()
                .map(type -> kind.replacementOf(type).orElseThrow() + " for " + type)
                .collect(Collectors.joining(", "));
    }

    /** The types of all fields of a mapping, and of their sub-fields. */
    private static Stream<String> types(JsonNode mapping) {
        Stream<JsonNode> below = Stream.of("properties", "fields")
                .flatMap(name -> mapping.path(name).valueStream());
        return Stream.concat(
                Stream.of(mapping.path("type").asText()).filter(type -> !type.isEmpty()),
                below.flatMap(FieldTypes::types));
    }
}
