package io.pgsync.core.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgsync.core.change.TableName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaReaderTest {
    @Test
    void aMinimalDocumentHasTheDefaults() {
        SchemaDocument document = read("[{'database': 'shop', 'nodes': {'table': 'book'}}]")
                .documents()
                .get(0);

        assertThat(document.index()).isEqualTo("shop");
        assertThat(document.routing()).isEmpty();
        assertThat(document.pipeline()).isEmpty();
        assertThat(document.plugins()).isEmpty();
        assertThat(document.indexDefinition().setting().isMissingNode()).isTrue();
        assertThat(document.root().table()).isEqualTo(new TableName("public", "book"));
        assertThat(document.root().label()).isEqualTo("book");
        assertThat(document.root().columns()).isEmpty();
        assertThat(document.root().relationship()).isEmpty();
        assertThat(document.root().limit()).isEmpty();
    }

    @Test
    void everyKeyIsRead() {
        SchemaFile file = read("""
                [{'database': 'shop', 'index': 'books', 'routing': 'id', 'pipeline': 'p', 'plugins': ['A', 'B'],
                  'setting': {'number_of_shards': 2}, 'mapping': {'a': {'type': 'nested'}}, 'mappings': {'dynamic': 'strict'},
                  'nodes': {'table': 'book', 'schema': 'Sales', 'columns': ['id', 7, 'doc->a'], 'where': 'id > 1',
                    'primary_key': ['id'], 'base_tables': ['raw_book'], 'transform': {'rename': {'id': 'key'}},
                    'children': [{'table': 'author', 'label': 'authors', 'sort': ['name desc', {'column': 'id'}, 'First Name'],
                      'limit': 3, 'relationship': {'type': 'one_to_many', 'variant': 'scalar',
                        'foreign_key': {'parent': 'id', 'child': ['book_id']}, 'through_tables': ['other.link']}}]}}]
                """);

        SchemaDocument document = file.documents().get(0);
        assertThat(document.index()).isEqualTo("books");
        assertThat(document.routing()).contains("id");
        assertThat(document.pipeline()).contains("p");
        assertThat(document.plugins()).containsExactly("A", "B");
        assertThat(document.indexDefinition().mappings().path("dynamic").asText())
                .isEqualTo("strict");
        NodeDefinition root = document.root();
        assertThat(root.columns()).containsExactly("id", "doc->a");
        assertThat(root.where()).contains("id > 1");
        assertThat(root.baseTables()).containsExactly(new TableName("Sales", "raw_book"));
        NodeDefinition child = root.children().get(0);
        assertThat(child.pointer()).isEqualTo("/0/nodes/children/0");
        assertThat(child.sort())
                .containsExactly(
                        new SortColumn("name", true), new SortColumn("id", false), new SortColumn("First Name", false));
        assertThat(child.limit()).isEqualTo(OptionalInt.of(3));
        RelationshipDefinition relationship = child.relationship().orElseThrow();
        assertThat(relationship.type()).isEqualTo(Cardinality.ONE_TO_MANY);
        assertThat(relationship.variant()).isEqualTo(Variant.SCALAR);
        assertThat(relationship.foreignKey().orElseThrow().parent()).containsExactly("id");
        assertThat(relationship.through()).contains(new TableName("other", "link"));
        assertThat(file.tablesByDatabase())
                .isEqualTo(Map.of(
                        "shop",
                        Set.of(
                                new TableName("Sales", "book"),
                                new TableName("Sales", "raw_book"),
                                new TableName("public", "author"),
                                new TableName("other", "link"))));
        assertThat(file.warnings()).extracting(SchemaProblem::pointer).containsExactly("/0/nodes/columns/1");
    }

    @ParameterizedTest
    @CsvSource({
        "$DB, shop",
        "${DB}_x, shop_x",
        "a$$DB, a$DB",
        "$UNKNOWN, $UNKNOWN",
        "${UNKNOWN}, ${UNKNOWN}",
        "$DB-$DB, shop-shop",
        "$, $"
    })
    void variablesAreReplacedInTopLevelTexts(String written, String read) {
        SchemaFile file = SchemaReader.read(
                "schema.json",
                json("[{'database': '" + written + "', 'index': 'i', 'nodes': {'table': '$DB'}}]"),
                Map.of("DB", "shop"));

        assertThat(file.documents().get(0).database()).isEqualTo(read);
        assertThat(file.documents().get(0).root().table().table()).isEqualTo("$DB");
    }

    @Test
    void allProblemsAreToldTogetherEachWithItsPlace() {
        assertThat(problems("""
                        [{'nodes': {'table': 'book', 'filter': 1, 'children': [
                            {'table': 'a', 'relationship': {'type': 'ONE_TO_ONE', 'variant': 'objekt', 'foo': 1}},
                            {'relationship': {'type': 'one_to_one', 'variant': 'object', 'through_tables': ['x', 'y']}},
                            {'table': 'c', 'relationship': {'type': 'one_to_one', 'variant': 'object', 'foreign_key': {'parent': ['id']}}},
                            {'table': 'd'},
                            {'table': 'e', 'limit': 0, 'relationship': {'type': 'one_to_one'}}]}},
                         {'database': 'db', 'index': 'Upper', 'nodes': []},
                         {'database': 'db', 'index': 'same', 'nodes': {'table': 't'}},
                         {'database': 'db', 'index': 'same', 'nodes': {'table': 't'}, 'plugins': 'One'}]
                        """))
                .extracting(SchemaProblem::pointer)
                .containsExactlyInAnyOrder(
                        "/0/database",
                        "/0/nodes/filter",
                        "/0/nodes/children/0/relationship/foo",
                        "/0/nodes/children/0/relationship/type",
                        "/0/nodes/children/0/relationship/variant",
                        "/0/nodes/children/1/table",
                        "/0/nodes/children/1/relationship/through_tables",
                        "/0/nodes/children/2/relationship/foreign_key",
                        "/0/nodes/children/3/relationship",
                        "/0/nodes/children/4/relationship/variant",
                        "/0/nodes/children/4/limit",
                        "/1/nodes",
                        "/1/index",
                        "/3/plugins",
                        "/3/index");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'database': 'x'} | must be an array of document definitions",
                "[] | must be an array of document definitions",
                "[7] | must be an object",
                "[{'database': 'x', 'nodes': [{}]}] | form of PGSync 1",
                "[{'database': 'x', 'nodes': {}}] | must name its table",
                "[{'database': 'x', 'nodes': {'table': 't', 'schema': null}}] | leave it out for \"public\"",
                "[{'database': 'x', 'nodes': {'table': 't', 'colums': []}}] | did you mean \"columns\"?",
                "[{'database': 'x', 'nodes': {'table': 't', 'sort': ['id']}}] | the root has none",
                "[{'database': 'x', 'nodes': {'table': 't', 'transform': {'concat': {'columns': []}}}}] | the field to write to",
                "[{'database': 'x', 'nodes': {'table': 't', 'transform': {'mapping': {'id': 'long'}}}}] | must be a mapping",
                "[{'database': 'x', 'nodes': {'table': 't', 'transform': {'move': {'column': 'a', 'destination': '.'}}}}] | must be a path",
                "[{'database': 'x', 'nodes': {'table': 't', 'transform': {'replace': {'a': {'b': 1}}}}}] | in place of \"b\""
            })
    void eachMistakeIsExplained(String written, String message) {
        assertThat(problems(written))
                .extracting(SchemaProblem::message)
                .anySatisfy(said -> assertThat(said).contains(message));
    }

    @Test
    void malformedJsonNamesLineAndColumn() {
        assertThatThrownBy(() -> read("[\n  {'database': }]"))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("schema.json cannot be used")
                .hasMessageContaining("not valid JSON at line 2, column 16");
    }

    @Test
    void aMissingFileIsNamed(@TempDir Path directory) {
        Path missing = directory.resolve("schema.json");

        assertThatThrownBy(() -> SchemaReader.read(missing, Map.of()))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining(missing.toString())
                .hasMessageContaining("no such file");
    }

    @Test
    void unknownTopLevelKeysAndTransformsAreOnlyWarnedOf() {
        SchemaFile file =
                read("[{'database': 'x', 'plugin': [], 'nodes': {'table': 't', 'transform': {'uppercase': {}}}}]");

        assertThat(file.warnings())
                .extracting(SchemaProblem::toString)
                .containsExactly(
                        "/0/plugin: unknown, ignored; did you mean \"plugins\"?",
                        "/0/nodes/transform/uppercase: unknown, ignored");
    }

    @Test
    void placesAreEscapedJsonPointers() {
        assertThat(problems("[{'database': 'x', 'nodes': {'table': 't', 'a/b~c': 1}}]"))
                .extracting(SchemaProblem::pointer)
                .containsExactly("/0/nodes/a~1b~0c");
    }

    private static List<SchemaProblem> problems(String text) {
        return catchThrowableOfType(SchemaException.class, () -> read(text)).problems();
    }

    private static SchemaFile read(String text) {
        return SchemaReader.read("schema.json", json(text), Map.of());
    }

    private static byte[] json(String text) {
        return text.replace('\'', '"').getBytes(UTF_8);
    }
}
