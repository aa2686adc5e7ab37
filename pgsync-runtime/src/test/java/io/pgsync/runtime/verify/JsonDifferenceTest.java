package io.pgsync.runtime.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonDifferenceTest {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a': 1, 'b': 2}         | {'b': 2, 'a': 1}         | ",
                "{'a': 14.90}             | {'a': 14.9}              | ",
                "{'a': 100}               | {'a': 1E+2}              | ",
                "{'a': 1}                 | {'a': '1'}               | a",
                "{'a': 1.1}               | {'a': 1.2}               | a",
                "{'a': null}              | {}                       | a",
                "{}                       | {'a': null}              | a",
                "{'a': [1, 2]}            | {'a': [2, 1]}            | a[0] a[1]",
                "{'a': [1]}               | {'a': [1, 2]}            | a[1]",
                "{'a': [{'b': {'c': 1}}]} | {'a': [{'b': {'c': 2}}]} | a[0].b.c",
                "{'a': {}}                | {'a': []}                | a",
                "{'a': true}              | {'a': false}             | a",
                "{'a': 12345678901234567890.5} | {'a': 12345678901234567890.6} | a",
            })
    void tellsEveryPlaceThatDiffers(String built, String stored, String paths) {
        assertThat(String.join(" ", JsonDifference.paths(json(built), json(stored), false)))
                .isEqualTo(paths == null ? "" : paths);
    }

    /** Engines that leave something out write a number with a fraction as the nearest double, and others as they are. */
    @Test
    void digitsThatTheEngineCannotKeepAreNoDifference() {
        JsonNode built = json("{'a': 12345678901234567890.123}");
        JsonNode stored = json("{'a': 1.2345678901234567E19}");

        assertThat(JsonDifference.paths(built, stored, true)).isEmpty();
        assertThat(JsonDifference.paths(built, stored, false)).containsExactly("a");
        assertThat(JsonDifference.paths(json("{'a': 9007199254740993}"), json("{'a': 9007199254740992}"), true))
                .containsExactly("a");
        assertThat(JsonDifference.paths(json("{'a': 1.5}"), json("{'a': 1.6}"), true))
                .containsExactly("a");
    }

    @Test
    void onlyTheFirstPlacesAreKept() {
        String many =
                IntStream.range(0, 50).mapToObj(i -> "'f" + i + "': 1").collect(Collectors.joining(", ", "{", "}"));

        assertThat(JsonDifference.paths(json(many), json("{}"), false)).hasSize(JsonDifference.MOST_PATHS);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
