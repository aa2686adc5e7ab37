package io.pgsync.core.document;

import static io.pgsync.core.tree.Tables.table;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.tree.Trees;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentTransformTest {
    private static final TableDefinition BOOK =
            table("book", "bid int4 pk, z text, t text, flag bool, price numeric, doc jsonb, tags _text");
    private static final TableDefinition RATING =
            table("rating", "id int4 pk, value text, k text, book_id int4 -> book.bid");

    @Test
    void aTreeWithoutTransformsNeedsNone() {
        String nodes = "{'table': 'book', 'transform': {'mapping': {'bid': {'type': 'long'}}, 'rename': {}}}";

        assertThat(DocumentTransform.of(Trees.nodes(nodes, BOOK))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // pairs in order, later ones see earlier results; lists; other kinds unchanged
                "{'z': {'a': 'b', 'b': 'c'}} | {'z': 'abx'} | {'z': 'ccx'}",
                "{'z': {'a': ''}} | {'z': 'banana'} | {'z': 'bnn'}",
                "{'tags': {'-': '='}} | {'tags': ['a-b', 1, null]} | {'tags': ['a=b', 1, null]}",
                "{'bid': {'1': '2'}} | {'bid': 1} | {'bid': 1}",
                "{'doc': {'a': 'b'}} | {'doc': {'x': 'a'}} | {'doc': {'x': 'a'}}",
                // nested rules
                "{'doc': {'x': {'a': 'b'}}} | {'doc': {'x': 'a', 'y': 'a'}} | {'doc': {'x': 'b', 'y': 'a'}}",
                "{'doc': {'x': {'a': 'b'}}} | {'doc': [{'x': 'a'}, 7]} | {'doc': [{'x': 'b'}]}",
                "{'z': {}} | {'z': 'a'} | {'z': 'a'}"
            })
    void replaceChangesTextsAndListsOfTexts(String rules, String before, String after) {
        String nodes = "{'table': 'book', 'transform': {'replace': %s, 'rename': {'price': 'price'}}}".formatted(rules);

        assertThat(transformed(nodes, before)).isEqualTo(json(after));
    }

    @Test
    void replaceUsesNamesFromBeforeTheRename() {
        String nodes =
                "{'table': 'book', 'transform': {'rename': {'z': 'y'}, 'replace': {'z': {'a': 'b'}, 'y': {'b': 'c'}}}}";

        assertThat(transformed(nodes, "{'z': 'a'}")).isEqualTo(json("{'y': 'b'}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'z': 'y'} | {'z': null} | {'y': null}",
                "{'z': 42} | {'z': 'a'} | {'42': 'a'}",
                "{'a': 'b'} | {'a': 1, 'b': 2} | {'b': 2}",
                // the longer name comes later in jsonb
                "{'long': 'b'} | {'long': 1, 'b': 2} | {'b': 1}",
                "{'a': 'b', 'b': 'a'} | {'a': 1, 'b': 2} | {'b': 1, 'a': 2}",
                "{'doc': {'x': 'y'}} | {'doc': [{'x': 1}, {'x': 2}]} | {'doc': [{'y': 1}, {'y': 2}]}"
            })
    void renameMovesValuesOfAnyKind(String rules, String before, String after) {
        assertThat(transformed("{'table': 'book', 'transform': {'rename': %s}}".formatted(rules), before))
                .isEqualTo(json(after));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "['bid', 'z', 't'] | {'bid': 5, 't': null} | 5-z",
                "['bid', 'z', 't'] | {'bid': 0, 't': 'x'} | z-x",
                "['flag', 'price', 'tags'] | {'flag': true, 'price': 1.5, 'tags': [1]} | True-1.5-[1]",
                "['flag', 'tags', 'doc'] | {'flag': false, 'tags': [], 'doc': {}} | ''",
                "['price'] | {'price': 12.50} | 12.5",
                "['price'] | {'price': 12.00} | 12.0",
                "['price'] | {'price': 12345678901234567890.123456789} | 12345678901234567890.123456789",
                "['price'] | {'price': 1e-7} | 1e-07",
                "['doc'] | {'doc': {'a': [null, true, 'x']}} | {'a': [None, True, 'x']}"
            })
    void concatJoinsTrueValuesAndLiteralTexts(String columns, String before, String joined) {
        String nodes =
                "{'table': 'book', 'transform': {'concat': {'columns': %s, 'destination': 'c', 'delimiter': '-'}}}"
                        .formatted(columns);

        assertThat(transformed(nodes, before).path("c").asText()).isEqualTo(joined.equals("''") ? "" : joined);
    }

    @Test
    void concatsUseFinishedNamesAndEachOther() {
        String nodes = """
                {'table': 'book', 'transform': {'rename': {'z': 'host'}, 'concat': [
                    {'columns': ['https', '://', 'host'], 'destination': 'url'},
                    {'columns': ['url', 'bid'], 'destination': 'url', 'delimiter': '/'}]}}
                """;

        assertThat(transformed(nodes, "{'bid': 1, 'z': 'x.org'}"))
                .isEqualTo(json("{'bid': 1, 'host': 'x.org', 'url': 'https://x.org/1'}"));
    }

    @Test
    void childrenAreTransformedUnderTheirLabels() {
        String nodes = """
                {'table': 'book', 'transform': {'concat': [{'columns': ['bid'], 'destination': 'c'}], 'rename': {'ratings': 'lost'}},
                 'children': [{'table': 'rating', 'label': 'ratings', 'relationship': {'type': 'one_to_many', 'variant': 'object'},
                   'transform': {'rename': {'value': 'v'}, 'replace': {'value': {'a': 'b'}},
                     'concat': {'columns': ['v', 'id'], 'destination': 'both'}}}]}
                """;

        assertThat(transformed(nodes, "{'bid': 1, 'ratings': [{'id': 1, 'value': 'a'}, null]}", RATING))
                .isEqualTo(json("{'bid': 1, 'ratings': [{'id': 1, 'v': 'b', 'both': 'b1'}, null], 'c': '1'}"));
        assertThat(transformed(nodes, "{'bid': 1, 'ratings': null}", RATING))
                .isEqualTo(json("{'bid': 1, 'ratings': null, 'c': '1'}"));
    }

    @Test
    void aScalarChildIsReplacedInItsValuesAndNeverRenamed() {
        String nodes = """
                {'table': 'book', 'children': [{'table': 'rating', 'label': 'codes', 'columns': ['value'],
                   'relationship': {'type': 'one_to_many', 'variant': 'scalar'},
                   'transform': {'rename': {'value': 'v'}, 'replace': {'value': {'-': '='}}}}]}
                """;

        assertThat(transformed(nodes, "{'codes': ['a-b', null, 3]}", RATING))
                .isEqualTo(json("{'codes': ['a=b', null, 3]}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'column': 'z', 'destination': 'a.b'} | {'z': 1, 'a': null} | {'a': {'b': 1}}",
                "{'column': 'z', 'destination': '$root.y'} | {'z': 1, 'y': 2} | {'y': 1}",
                "{'column': 'z', 'destination': 'a.b'} | {'z': 1, 'a': 5} | {'z': 1, 'a': 5}",
                "{'column': 'nope', 'destination': 'a'} | {'z': 1} | {'z': 1}"
            })
    void moveTakesAFieldToAnotherPath(String rule, String before, String after) {
        assertThat(transformed("{'table': 'book', 'transform': {'move': %s}}".formatted(rule), before))
                .isEqualTo(json(after));
    }

    @Test
    void moveOutOfListElementsGathersTheirValues() {
        String nodes = """
                {'table': 'book', 'children': [{'table': 'rating', 'label': 'ratings', 'relationship': {'type': 'one_to_many', 'variant': 'object'},
                   'transform': {'rename': {'id': 'key', 'k': 'kk'}, 'move': [{'column': 'key', 'destination': '$root.ids.rating'},
                     {'column': 'k', 'destination': '$root.never'}]}}]}
                """;

        assertThat(transformed(nodes, "{'ratings': [{'id': 2, 'k': 'x'}, null, {'id': 1, 'k': 'y'}]}", RATING))
                .isEqualTo(json("{'ratings': [{'kk': 'x'}, null, {'kk': 'y'}], 'ids': {'rating': [2, 1]}}"));
    }

    @Test
    void numbersKeepTheirDigits() {
        var transform = DocumentTransform.of(
                        Trees.nodes("{'table': 'book', 'transform': {'rename': {'bid': 'id'}}}", BOOK))
                .orElseThrow();
        String numbers = "{\"id\":9223372036854775807,\"a\":12345678901234567890.123456789000,\"b\":1.50}";

        assertThat(new String(transform.apply(numbers.getBytes(UTF_8)), UTF_8)).isEqualTo(numbers);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a': {'k': 1}, 'k': 'x'} | x",
                "{'k': 1.50} | 1.50",
                "{'k': true} | true",
                "{'k': null} |",
                "{'a': {'k': 1}} |",
                "{'k': [1]} |"
            })
    void aTopLevelFieldIsReadAsText(String document, String text) {
        assertThat(DocumentField.text(document.replace('\'', '"').getBytes(UTF_8), "k")
                        .orElse(null))
                .isEqualTo(text);
    }

    private static JsonNode transformed(String nodes, String document, TableDefinition... more) {
        var tables = new TableDefinition[more.length + 1];
        tables[0] = BOOK;
        System.arraycopy(more, 0, tables, 1, more.length);
        byte[] before = document.replace('\'', '"').getBytes(UTF_8);
        byte[] after =
                DocumentTransform.of(Trees.nodes(nodes, tables)).orElseThrow().apply(before);
        return parsed(new String(after, UTF_8));
    }

    private static JsonNode json(String text) {
        return parsed(text.replace('\'', '"'));
    }

    private static JsonNode parsed(String text) {
        try {
            return new JsonMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
