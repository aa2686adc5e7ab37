package io.pgsync.core.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An editor accepts exactly the files in which the reader finds nothing to object to, not even a warning. */
class PublishedSchemaTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> ODD_VALUES = List.of(
            "null", "7", "0", "true", "'x'", "''", "[]", "{}", "[7]", "[null]", "['x']", "['x', 'y']", "{'x': 1}");
    private static final String EVERYTHING = """
            [{'database': 'shop', 'index': 'books', 'routing': 'id', 'pipeline': 'p', 'plugins': ['A'],
              'setting': {'number_of_shards': 2}, 'mapping': {'a': {'type': 'nested'}}, 'mappings': {'dynamic': 'strict'},
              'nodes': {'table': 'book', 'schema': 'sales', 'columns': ['id'], 'where': 'id > 1', 'label': 'b',
                'primary_key': ['id'], 'base_tables': ['raw_book'], 'relationship': {'type': 'one_to_one', 'variant': 'object'},
                'transform': {
                  'rename': {'id': 'key', 'doc': {'a': 'b'}}, 'replace': {'id': {'a': 'b'}, 'doc': {'x': {'a': 'b'}}},
                  'concat': [{'columns': ['a'], 'destination': 'c', 'delimiter': '-'}],
                  'move': {'column': 'a', 'destination': '$root.b'}, 'mapping': {'id': {'type': 'long'}}},
                'children': [
                  {'table': 'author', 'sort': ['name desc', {'column': 'id', 'order': 'asc'}], 'limit': 3,
                   'relationship': {'type': 'one_to_many', 'variant': 'scalar', 'foreign_key': {'parent': 'id', 'child': ['book_id']},
                     'through_tables': ['other.link']}},
                  {'table': 'x', 'relationship': {'type': 'one_to_one', 'variant': 'object'}}]}}]
            """;

    private static Schema schema;

    @BeforeAll
    static void readSchema() throws IOException {
        JsonNode published =
                JSON.readTree(Path.of("..", "docs", "schema.schema.json").toFile());
        schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(published);
    }

    @Test
    void aFileWithEveryKeyPassesBoth() {
        assertThat(schema.validate(json(EVERYTHING))).isEmpty();
        assertThat(readerAccepts(json(EVERYTHING))).isTrue();
    }

    @Test
    void bothJudgeAlikeWhateverStandsInAnyPlace() {
        for (String pointer : pointers(json(EVERYTHING), "")) {
            for (String value : ODD_VALUES) {
                assertJudgedAlike(pointer + " = " + value, file -> put(file, pointer, json(value)));
            }
            assertJudgedAlike("without " + pointer, file -> remove(file, pointer));
        }
    }

    @Test
    void bothRejectUnknownKeysInTheSamePlaces() {
        for (String pointer : pointers(json(EVERYTHING), "")) {
            assertJudgedAlike("unknown in " + pointer, file -> {
                if (file.at(pointer) instanceof ObjectNode object) {
                    object.put("unknown", "x");
                }
            });
        }
    }

    @Test
    void bothWantSortAndLimitOnListsOnly() {
        assertJudgedAlike("sort of the root", file -> put(file, "/0/nodes/sort", json("['id']")));
        assertJudgedAlike("limit of the root", file -> put(file, "/0/nodes/limit", json("1")));
        assertJudgedAlike("sort of one", file -> put(file, "/0/nodes/children/1/sort", json("['id']")));
    }

    private static void assertJudgedAlike(String what, Consumer<JsonNode> change) {
        JsonNode file = json(EVERYTHING);
        change.accept(file);

        assertThat(schema.validate(file).isEmpty())
                .as("the schema accepts %s, as the reader does: %s", what, schema.validate(file))
                .isEqualTo(readerAccepts(file));
    }

    private static boolean readerAccepts(JsonNode file) {
        try {
            byte[] json = file.toString().getBytes(StandardCharsets.UTF_8);
            return SchemaReader.read("schema.json", json, Map.of()).warnings().isEmpty();
        } catch (SchemaException e) {
            return false;
        }
    }

    private static List<String> pointers(JsonNode value, String pointer) {
        var pointers = new ArrayList<String>();
        value.properties().forEach(entry -> {
            pointers.add(pointer + "/" + entry.getKey());
            pointers.addAll(pointers(entry.getValue(), pointer + "/" + entry.getKey()));
        });
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            pointers.add(pointer + "/" + i);
            pointers.addAll(pointers(value.get(i), pointer + "/" + i));
        }
        return pointers;
    }

    private static void put(JsonNode file, String pointer, JsonNode value) {
        String key = pointer.substring(pointer.lastIndexOf('/') + 1);
        JsonNode parent = file.at(pointer.substring(0, pointer.lastIndexOf('/')));
        if (parent instanceof ObjectNode object) {
            object.set(key, value);
        } else {
            ((ArrayNode) parent).set(Integer.parseInt(key), value);
        }
    }

    private static void remove(JsonNode file, String pointer) {
        String key = pointer.substring(pointer.lastIndexOf('/') + 1);
        JsonNode parent = file.at(pointer.substring(0, pointer.lastIndexOf('/')));
        if (parent instanceof ObjectNode object) {
            object.remove(key);
        } else {
            ((ArrayNode) parent).remove(Integer.parseInt(key));
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
