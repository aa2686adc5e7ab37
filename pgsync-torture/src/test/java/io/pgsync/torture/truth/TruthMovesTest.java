package io.pgsync.torture.truth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TruthMovesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "city  | place.city   | {'city': 1}                    | {'place': {'city': 1}}",
                "city  | place.city   | {'city': 1, 'place': null}     | {'place': {'city': 1}}",
                "city  | place.city   | {'city': 1, 'place': {'a': 2}} | {'place': {'a': 2, 'city': 1}}",
                "city  | place.city   | {'city': 1, 'place': 3}        | {'city': 1, 'place': 3}",
                "city  | town         | {'city': 1, 'town': 2}         | {'town': 1}",
                "other | town         | {'city': 1}                    | {'city': 1}"
            })
    void ofTheRoot(String column, String destination, String before, String after) throws JsonProcessingException {
        var node = """
            {'table': 'a', 'transform': {'move': {'column': '%s', 'destination': '%s'}}}\
            """.formatted(column, destination);

        assertThat(moved(node, before)).isEqualTo(json(after));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "one_to_many | {'c': [{'v': 2}, null, {'v': null}]} | {'c': [{}, null, {}], 'all': {'v': [2, null]}}",
                "one_to_many | {'c': null}                          | {'c': null}",
                "one_to_one  | {'c': {'v': 2}}                      | {'c': {}, 'all': {'v': 2}}"
            })
    void ofAChildToTheTop(String type, String before, String after) throws JsonProcessingException {
        var node = """
            {'table': 'a', 'children': [{'table': 'c', 'relationship': {'type': '%s', 'variant': 'object'},
             'transform': {'move': [{'column': 'v', 'destination': '$root.all.v'}]}}]}\
            """.formatted(type);

        assertThat(moved(node, before)).isEqualTo(json(after));
    }

    private static ObjectNode moved(String node, String document) throws JsonProcessingException {
        return TruthTransforms.transformed(json(document), TruthNode.of(json(node)));
    }

    private static ObjectNode json(String text) throws JsonProcessingException {
        return (ObjectNode) SourceRows.JSON.readTree(text.replace('\'', '"'));
    }
}
