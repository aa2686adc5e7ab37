package io.pgsync.torture.truth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentComparisonTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"a":1,"b":[1,2,2]}               | {"b":[2,1,2],"a":1.0}
                    {"a":[{"x":1},{"x":2}]}           | {"a":[{"x":2},{"x":1}]}
                    {"_meta":{"t":{"id":[1]}}}        | {"_meta":{"t":{"id":["1","1"]}}}
                    {"_meta":{"t":{"id":[]}}}         | {"_meta":{}}
                    """)
    void documentsThatMeanTheSameAreEqual(String expected, String actual) throws JsonProcessingException {
        assertThat(differences(expected, actual)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"a":[1,2,2]}                     | {"a":[1,1,2]}          | a:
                    {"a":null}                        | {}                     | no such field
                    {"a":"1"}                         | {"a":1}                | a:
                    {"a":{"b":[{"c":1}]}}             | {"a":{"b":[{"c":2}]}}  | a.b:
                    {"_meta":{"t":{"id":[1]}}}        | {"_meta":{}}           | _meta.t.id
                    {"a":12345678901234567890.1}      | {"a":12345678901234567890.2} | a:
                    """)
    void theFirstPlaceThatDiffersIsNamed(String expected, String actual, String place) throws JsonProcessingException {
        assertThat(differences(expected, actual)).contains(place);
    }

    @Test
    void missingAndExtraDocumentsAreNamed() throws JsonProcessingException {
        var one = document("{\"_index\":\"i\",\"_id\":\"1\",\"_source\":{}}");
        var routed = document("{\"_index\":\"i\",\"_id\":\"1\",\"_routing\":\"r\",\"_source\":{}}");

        var differences = DocumentComparison.differences(List.of(one), List.of(routed));

        assertThat(differences).contains("i/1 is missing").contains("i/1 routed by r should not be there");
    }

    @Test
    void theOrderOfArraysMayCount() throws JsonProcessingException {
        var one = List.of(withSource("{\"a\":[1,2]}"));
        var other = List.of(withSource("{\"a\":[2,1]}"));

        assertThat(DocumentComparison.orderedDifferences(one, other)).contains(" a:");
        assertThat(DocumentComparison.orderedDifferences(one, one)).isEmpty();
    }

    private static String differences(String expected, String actual) throws JsonProcessingException {
        return DocumentComparison.differences(List.of(withSource(expected)), List.of(withSource(actual)));
    }

    private static TrueDocument withSource(String source) throws JsonProcessingException {
        return document("{\"_index\":\"i\",\"_id\":\"1\",\"_source\":" + source + "}");
    }

    private static TrueDocument document(String json) throws JsonProcessingException {
        return TrueDocument.of(SourceRows.JSON.readTree(json));
    }
}
