package io.pgsync.elasticsearch.examination;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.failure.Finding;
import io.pgsync.elasticsearch.EngineKind;
import io.pgsync.elasticsearch.Trees;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldTypesTest {
    @ParameterizedTest
    @CsvSource({
        "ELASTICSEARCH, flat_object, flattened",
        "ELASTICSEARCH, knn_vector, dense_vector",
        "OPENSEARCH, flattened, flat_object",
        "OPENSEARCH, dense_vector, knn_vector",
        "OPENSEARCH, semantic_text, text"
    })
    void aTypeOfTheOtherKindIsNamedWithWhatComesClosest(EngineKind kind, String type, String replacement) {
        assertThat(found(kind, "{\"properties\":{\"a\":{\"type\":\"" + type + "\"}}}"))
                .contains(Finding.problem(
                        "types of books",
                        kind.label() + " does not have the type " + type,
                        "What comes closest: " + replacement + " for " + type));
        EngineKind other = kind == EngineKind.OPENSEARCH ? EngineKind.ELASTICSEARCH : EngineKind.OPENSEARCH;
        assertThat(found(other, "{\"properties\":{\"a\":{\"type\":\"" + type + "\"}}}"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wildcard",
                "unsigned_long",
                "match_only_text",
                "version",
                "keyword",
                "rank_features",
                "search_as_you_type"
            })
    void aTypeThatBothHaveIsLeftToTheEngine(String type) {
        for (EngineKind kind : EngineKind.values()) {
            assertThat(found(kind, "{\"properties\":{\"a\":{\"type\":\"" + type + "\"}}}"))
                    .isEmpty();
        }
    }

    @Test
    void typesAreLookedForInObjectsAndSubFields() {
        String mappings = "{\"properties\":{\"a\":{\"properties\":{\"b\":{\"type\":\"flattened\"}}},"
                + "\"c\":{\"type\":\"text\",\"fields\":{\"d\":{\"type\":\"semantic_text\"}}}}}";

        assertThat(found(EngineKind.OPENSEARCH, mappings))
                .hasValueSatisfying(finding ->
                        assertThat(finding.remedy()).endsWith("flat_object for flattened, text for semantic_text"));
    }

    private static Optional<Finding> found(EngineKind kind, String mappings) {
        return FieldTypes.finding(
                kind,
                new PlannedIndex(
                        "books",
                        JsonNodeFactory.instance.objectNode(),
                        (ObjectNode) Trees.json(mappings),
                        List.of(),
                        List.of()));
    }
}
