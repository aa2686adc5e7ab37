package io.pgsync.core.tree;

import static io.pgsync.core.tree.Tables.relation;
import static io.pgsync.core.tree.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.schema.SchemaException;
import io.pgsync.core.schema.SchemaProblem;
import io.pgsync.core.schema.Variant;
import io.pgsync.core.tree.Field.JsonStep;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TreeBuilderTest {
    private static final TableDefinition BOOK =
            table("book", "zone int4 pk, area int4 pk, title text, doc jsonb, publisher_id int4 -> publisher.id");
    private static final TableDefinition PUBLISHER = table("publisher", "id int4 pk, name text");

    private static final String RENAMED = """
            'nodes': {'table': 'book', 'transform': {'rename': {'title': 'name'},
              'concat': {'columns': [], 'destination': 'c'}}}""";

    @Test
    void keysOfSeveralColumnsAreAlphabetical() {
        TreeNode root = Trees.nodes("{'table': 'book'}", BOOK).root();

        assertThat(root.key()).containsExactly("area", "zone");
        assertThat(root.metaColumns()).containsExactly("area");
        assertThat(root.fields())
                .extracting(Field::name)
                .containsExactly("zone", "area", "title", "doc", "publisher_id");
        assertThat(root.join()).isEmpty();
        assertThat(root.variant()).isEqualTo(Variant.OBJECT);
    }

    @Test
    void aViewIsKnownByThePrimaryKeyGivenInItsOrder() {
        TableDefinition view = relation(TableDefinition.Kind.VIEW, "v", "zone int4, area int4, title text");

        TreeNode root = Trees.nodes(
                        "{'table': 'v', 'primary_key': ['zone', 'area'], 'base_tables': ['book']}", view, BOOK)
                .root();

        assertThat(root.key()).containsExactly("zone", "area");
        assertThat(root.baseTables()).containsExactly(BOOK);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "title | title",
                "doc->a | doc_a",
                "doc->x->0->y | doc_x_0_y",
                "doc#>{a,b,c}->4 | doc_a,b,c_4",
                "doc->>a | doc_a",
                "doc#>>{a,b} | doc_a,b",
                "xmin | xmin"
            })
    void columnExpressionsNameTheirFields(String expression, String name) {
        TreeNode root = Trees.nodes("{'table': 'book', 'columns': ['" + expression + "']}", BOOK)
                .root();

        assertThat(root.fields()).extracting(Field::name).containsExactly(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "_id text | column \"_id\" of table public.t: \"_id\" is a name that indexes keep for themselves",
                "_source text | column \"_source\"",
                ".lead text | column \".lead\" of table public.t: \".lead\" is not a valid field name",
                "x..y text | column \"x..y\"",
                "a text, a.b text | column \"a.b\" of table public.t: \"a.b\" makes \"a\" an object",
                "a.b.c text, a int4 | column \"a.b.c\""
            })
    void namesThatNoIndexTakesAreRefusedWithTheirColumn(String columns, String message) {
        assertThat(Trees.problems("{'table': 't'}", table("t", "id int4 pk, " + columns)))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).startsWith(message));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "_id text | {'table': 't', 'transform': {'rename': {'_id': 'key'}}}",
                "_id text | {'table': 't', 'columns': ['id']}",
                "_id text | {'table': 't', 'transform': {'move': {'column': '_id', 'destination': 'o.id'}}}",
                "a jsonb, a.b text | {'table': 't'}",
                "a.b text, a.c text | {'table': 't'}",
                "trail. text | {'table': 't'}"
            })
    void namesThatFitOnceTheDocumentIsFinishedPass(String columns, String node) {
        assertThat(Trees.nodes(node, table("t", "id int4 pk, " + columns))
                        .root()
                        .table()
                        .name()
                        .table())
                .isEqualTo("t");
    }

    @Test
    void jsonExpressionsAreTakenApart() {
        TreeNode root = Trees.nodes("{'table': 'book', 'columns': ['doc#>{a,b}->0->>c']}", BOOK)
                .root();

        assertThat(root.fields())
                .containsExactly(new Field(
                        "doc_a,b_0_c",
                        "doc",
                        List.of(
                                new JsonStep(JsonStep.Kind.PATH, "{a,b}", false),
                                new JsonStep(JsonStep.Kind.ELEMENT, "0", false),
                                new JsonStep(JsonStep.Kind.ELEMENT, "c", true))));
    }

    @Test
    void aChildsLabelHidesAColumnOfThatName() {
        TreeNode root = Trees.nodes(
                        "{'table': 'book', 'columns': ['title', 'doc'], 'children': [%s]}"
                                .formatted(Trees.many("publisher", "", ", 'label': 'doc'")),
                        BOOK,
                        PUBLISHER)
                .root();

        assertThat(root.fields()).extracting(Field::name).containsExactly("title");
    }

    @Test
    void allProblemsAreToldTogetherEachWithItsPlace() {
        TableDefinition unlogged = relation(TableDefinition.Kind.UNLOGGED_TABLE, "fast", "id int4 pk");
        TableDefinition keyless = table("keyless", "book_id int4, title text");

        List<SchemaProblem> problems = Trees.problems("""
                {'table': 'book', 'columns': ['titel', 'title->a', 'doc->', 'doc#>a', 'doc->>a->b'], 'children': [
                    {'table': 'publishr', 'relationship': {'type': 'one_to_one', 'variant': 'object'}},
                    {'table': 'fast', 'relationship': {'type': 'one_to_one', 'variant': 'object'}},
                    {'table': 'keyless', 'relationship': {'type': 'one_to_one', 'variant': 'object'}},
                    {'table': 'publisher', 'relationship': {'type': 'one_to_many', 'variant': 'object',
                      'foreign_key': {'parent': ['title', 'x'], 'child': ['id', 'name']}}, 'sort': ['nam']},
                    {'table': 'publisher', 'relationship': {'type': 'one_to_many', 'variant': 'object',
                      'foreign_key': {'parent': ['title'], 'child': ['id']}}},
                    {'table': 'publisher', 'relationship': {'type': 'one_to_many', 'variant': 'object', 'through_tables': ['nope']}}]}
                """, BOOK, PUBLISHER, unlogged, keyless);

        assertThat(problems)
                .extracting(SchemaProblem::toString)
                .satisfiesExactlyInAnyOrder(
                        said("/0/nodes/columns/0", "\"titel\" is not in \"public.book\"; did you mean \"title\"?"),
                        said("/0/nodes/columns/1", "of type text"),
                        said("/0/nodes/columns/2", "followed by a key"),
                        said("/0/nodes/columns/3", "path in braces"),
                        said("/0/nodes/columns/4", "use them last"),
                        said("/0/nodes/children/0/table", "did you mean \"publisher\"?"),
                        said("/0/nodes/children/1/table", "SET LOGGED"),
                        said("/0/nodes/children/2", "has no primary key"),
                        said(
                                "/0/nodes/children/2/relationship",
                                "no foreign key links \"public.book\" and \"public.keyless\""),
                        said("/0/nodes/children/3/relationship/foreign_key/parent", "\"x\" is not in"),
                        said("/0/nodes/children/3/sort/0", "did you mean \"name\"?"),
                        said("/0/nodes/children/4/relationship/foreign_key", "cannot be compared"),
                        said(
                                "/0/nodes/children/5/relationship/through_tables/0",
                                "\"public.nope\" is not in database \"shop\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "c"})
    void routingMayNameAFieldOfTheFinishedDocument(String field) {
        assertThat(Trees.document(RENAMED + ", 'routing': '" + field + "'", BOOK)
                        .routing())
                .contains(field);
    }

    @Test
    void routingMustNotNameAFieldThatIsRenamed() {
        assertThat(catchThrowableOfType(
                                SchemaException.class, () -> Trees.document(RENAMED + ", 'routing': 'title'", BOOK))
                        .problems())
                .extracting(SchemaProblem::pointer)
                .containsExactly("/0/routing");
    }

    private static Consumer<String> said(String pointer, String words) {
        return problem -> assertThat(problem).startsWith(pointer + ": ").contains(words);
    }
}
