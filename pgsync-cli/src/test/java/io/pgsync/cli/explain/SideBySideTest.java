package io.pgsync.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SideBySideTest {
    @Test
    void onlyWhatDiffersIsShownTwiceAndMarked() throws JsonProcessingException {
        var document = new SideBySide(
                json("{'a': 1, 'b': {'c': 'old', 'd': 2}, 'gone': null, 'list': [1, 2]}"),
                json("{'a': 1, 'b': {'c': 'new', 'd': 2}, 'list': [1, 3, 4]}"));

        assertThat(document.verdict()).contains("different");
        assertThat(document.lines())
                .containsExactly(
                        "  {",
                        "    \"a\": 1,",
                        "    \"b\": {",
                        "-     \"c\": \"old\",",
                        "+     \"c\": \"new\",",
                        "      \"d\": 2",
                        "    },",
                        "    \"list\": [",
                        "      1,",
                        "-     2,",
                        "+     3,",
                        "+     4",
                        "    ],",
                        "-   \"gone\": null",
                        "  }");
    }

    @Test
    void equalDocumentsHaveNoMarks() throws JsonProcessingException {
        var document = new SideBySide(json("{'a': [1], 'b': 2}"), json("{'b': 2, 'a': [1]}"));

        assertThat(document.verdict()).isEqualTo("stored as it would be built now");
        assertThat(document.lines()).allMatch(line -> line.startsWith("  "));
    }

    @Test
    void aDocumentMayBeOnOneSideOnly() throws JsonProcessingException {
        assertThat(new SideBySide(Optional.empty(), json("{'a': 1}")).lines()).allMatch(line -> line.startsWith("+ "));
        assertThat(new SideBySide(json("{'a': 1}"), Optional.empty()).lines()).allMatch(line -> line.startsWith("- "));
        assertThat(new SideBySide(Optional.empty(), Optional.empty()).verdict()).startsWith("neither");
    }

    private static Optional<JsonNode> json(String text) throws JsonProcessingException {
        return Optional.of(JsonMapper.builder().build().readTree(text.replace('\'', '"')));
    }
}
