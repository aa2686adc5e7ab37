package io.pgsync.core.tree;

import static io.pgsync.core.tree.Tables.catalog;
import static io.pgsync.core.tree.Tables.foreignKey;
import static io.pgsync.core.tree.Tables.relation;
import static io.pgsync.core.tree.Tables.table;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.catalog.ColumnPair;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.schema.SchemaException;
import io.pgsync.core.schema.SchemaFile;
import io.pgsync.core.schema.SchemaProblem;
import io.pgsync.core.schema.SchemaReader;
import io.pgsync.core.schema.Variant;
import io.pgsync.core.tree.Field.JsonStep;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TreeBuilderTest {
    private static final TableDefinition BOOK =
            table("book", "zone int4 pk, area int4 pk, title text, doc jsonb, publisher_id int4 -> publisher.id");
    private static final TableDefinition PUBLISHER = table("publisher", "id int4 pk, name text");

    @Test
    void keysOfSeveralColumnsAreAlphabetical() {
        TreeNode root = tree("{'table': 'book'}", BOOK).root();

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

        TreeNode root = tree("{'table': 'v', 'primary_key': ['zone', 'area'], 'base_tables': ['book']}", view, BOOK)
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
        TreeNode root = tree("{'table': 'book', 'columns': ['" + expression + "']}", BOOK)
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
        assertThat(problems("{'table': 't'}", table("t", "id int4 pk, " + columns)))
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
        assertThat(tree(node, table("t", "id int4 pk, " + columns))
                        .root()
                        .table()
                        .name()
                        .table())
                .isEqualTo("t");
    }

    @Test
    void jsonExpressionsAreTakenApart() {
        TreeNode root = tree("{'table': 'book', 'columns': ['doc#>{a,b}->0->>c']}", BOOK)
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
    void constraintsJoinInBothDirections() {
        assertThat(join("publisher", BOOK, PUBLISHER))
                .isEqualTo(new Join.Direct(List.of(new ColumnPair("publisher_id", "id"))));
        TableDefinition review = table(
                "review",
                "id int4 pk, bz int4, ba int4",
                foreignKey("review_book", List.of("ba", "bz"), "book", List.of("area", "zone")));
        assertThat(join("review", BOOK, review))
                .isEqualTo(new Join.Direct(List.of(new ColumnPair("area", "ba"), new ColumnPair("zone", "bz"))));
    }

    @Test
    void aSelfReferenceLeadsDownUnlessToldOtherwise() {
        TableDefinition node = table("node", "id int4 pk, node_id int4 -> node.id");

        assertThat(join("node", node)).isEqualTo(new Join.Direct(List.of(new ColumnPair("id", "node_id"))));
        assertThat(join("node", "'foreign_key': {'parent': ['node_id'], 'child': ['id']}", node))
                .isEqualTo(new Join.Direct(List.of(new ColumnPair("node_id", "id"))));
    }

    @Test
    void severalConstraintsBetweenTwoTablesAreAmbiguous() {
        TableDefinition item = table("item", "id int4 pk, buyer int4 -> usr.id, seller int4 -> usr.id");
        TableDefinition usr = table("usr", "id int4 pk");

        assertThat(problems("{'table': 'item', 'children': [" + child("usr", "") + "]}", item, usr))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message())
                        .contains("\"item_buyer_fkey\", \"item_seller_fkey\"")
                        .contains("foreign_key"));
        assertThat(join("usr", "'foreign_key': {'parent': ['seller'], 'child': ['id']}", item, usr))
                .isEqualTo(new Join.Direct(List.of(new ColumnPair("seller", "id"))));
    }

    @Test
    void aConstraintWithinAnotherAddsNothing() {
        TableDefinition line = table(
                "line",
                "id int4 pk, zone int4 -> book.zone, area int4",
                foreignKey("whole", List.of("zone", "area"), "book", List.of("zone", "area")));

        assertThat(join("line", BOOK, line))
                .isEqualTo(new Join.Direct(List.of(new ColumnPair("zone", "zone"), new ColumnPair("area", "area"))));
    }

    @Test
    void throughTablesListTheirOwnKeyAndTheColumnsTheyPointAt() {
        TableDefinition usr = table("usr", "id int4 pk");
        TableDefinition grp = table("grp", "id int4 pk, code text");
        TableDefinition ug = table("ug", "usr_id int4 pk -> usr.id, grp_code text pk -> grp.code");

        TreeNode child = onlyChild("'through_tables': ['ug']", "grp", usr, grp, ug);

        assertThat(child.join().orElseThrow())
                .isEqualTo(new Join.Through(
                        new Join.ThroughTable(ug, List.of("grp_code", "usr_id")),
                        List.of(new ColumnPair("id", "usr_id")),
                        List.of(new ColumnPair("grp_code", "code"))));
        assertThat(child.metaColumns()).containsExactly("code");
        assertThat(child.key()).containsExactly("id");
    }

    @Test
    void aThroughTableMayBeTheReferencedSide() {
        TableDefinition usr = table("usr", "id int4 pk, team_id int4 -> team.id");
        TableDefinition team = table("team", "id int4 pk");
        TableDefinition task = table("task", "id int4 pk, team_id int4 -> team.id");

        TreeNode child = onlyChild("'through_tables': ['team']", "task", usr, task, team);

        assertThat(child.join().orElseThrow())
                .isEqualTo(new Join.Through(
                        new Join.ThroughTable(team, List.of("id")),
                        List.of(new ColumnPair("team_id", "id")),
                        List.of(new ColumnPair("id", "team_id"))));
        assertThat(child.metaColumns()).containsExactly("id");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // the through table's columns; one constraint of two is picked by them
                "usr_id int4 -> usr.id, friend_id int4 -> usr.id | usr_id | friend_id",
                // no constraints: the through table's columns meet the primary keys, or columns of the same name
                "usr_id int4, friend_id int4 | usr_id | friend_id",
                // the joined tables' own columns, with customary names in the through table
                "usr_id int4, friend_id int4 | id | friend_id"
            })
    void aForeignKeyTellsHowAThroughTableLinks(String columns, String parent, String child) {
        TableDefinition usr = table("usr", "id int4 pk, name text");
        TableDefinition friends = table("friends", columns);

        String declared = "'through_tables': ['friends'], 'foreign_key': {'parent': '%s', 'child': '%s'}"
                .formatted(parent, child);
        assertThat(join("usr", declared, usr, friends))
                .isEqualTo(new Join.Through(
                        new Join.ThroughTable(friends, List.of("friend_id", "usr_id")),
                        List.of(new ColumnPair("id", "usr_id")),
                        List.of(new ColumnPair("friend_id", "id"))));
    }

    @Test
    void aChildsLabelHidesAColumnOfThatName() {
        TreeNode root = tree(
                        "{'table': 'book', 'columns': ['title', 'doc'], 'children': [%s]}"
                                .formatted(child("publisher", "").replace("{'table'", "{'label': 'doc', 'table'")),
                        BOOK,
                        PUBLISHER)
                .root();

        assertThat(root.fields()).extracting(Field::name).containsExactly("title");
    }

    @Test
    void allProblemsAreToldTogetherEachWithItsPlace() {
        TableDefinition unlogged = relation(TableDefinition.Kind.UNLOGGED_TABLE, "fast", "id int4 pk");
        TableDefinition keyless = table("keyless", "book_id int4, title text");

        List<SchemaProblem> problems = problems("""
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

    @Test
    void anArrayIsNoLinkAndTheViewThatHelpsIsNamed() {
        TableDefinition post = table("post", "id int4 pk, tags _int4");
        TableDefinition tag = table("tag", "id int4 pk, posts _int4");

        assertThat(problems(linked("post", "tag", "tags", "id"), post, tag))
                .singleElement()
                .asString()
                .contains("/0/nodes/children/0/relationship/foreign_key", "compares equal values")
                .endsWith("SELECT \"id\", unnest(\"tags\") AS \"tags\" FROM public.post");
        assertThat(problems(linked("post", "tag", "id", "posts"), post, tag))
                .singleElement()
                .asString()
                .endsWith("SELECT \"id\", unnest(\"posts\") AS \"posts\" FROM public.tag");
        assertThat(join("tag", "'foreign_key': {'parent': ['tags'], 'child': ['posts']}", post, tag))
                .isEqualTo(new Join.Direct(List.of(new ColumnPair("tags", "posts"))));
    }

    private static String linked(String parent, String child, String upper, String lower) {
        return """
                {'table': '%s', 'children': [{'table': '%s', 'relationship': {'type': 'one_to_many', 'variant': 'object',
                  'foreign_key': {'parent': ['%s'], 'child': ['%s']}}}]}
                """.formatted(parent, child, upper, lower);
    }

    @Test
    void routingMustNameAFieldOfTheFinishedDocument() {
        Catalog catalog = catalog(BOOK);
        String nodes =
                "{'table': 'book', 'transform': {'rename': {'title': 'name'}, 'concat': {'columns': [], 'destination': 'c'}}}";

        assertThat(build("'routing': 'name', 'nodes': " + nodes, catalog).routing())
                .contains("name");
        assertThat(build("'routing': 'c', 'nodes': " + nodes, catalog).routing())
                .contains("c");
        assertThat(catchThrowableOfType(
                                SchemaException.class, () -> build("'routing': 'title', 'nodes': " + nodes, catalog))
                        .problems())
                .extracting(SchemaProblem::pointer)
                .containsExactly("/0/routing");
    }

    private static Consumer<String> said(String pointer, String words) {
        return problem -> assertThat(problem).startsWith(pointer + ": ").contains(words);
    }

    private static String child(String table, String more) {
        return "{'table': '%s', 'relationship': {'type': 'one_to_many', 'variant': 'object'%s}}"
                .formatted(table, more.isEmpty() ? "" : ", " + more);
    }

    private static Join join(String child, TableDefinition... tables) {
        return join(child, "", tables);
    }

    private static Join join(String child, String relationship, TableDefinition... tables) {
        return onlyChild(relationship, child, tables).join().orElseThrow();
    }

    /** The first table is the root's. */
    private static TreeNode onlyChild(String relationship, String child, TableDefinition... tables) {
        String nodes =
                "{'table': '%s', 'children': [%s]}".formatted(tables[0].name().table(), child(child, relationship));
        return tree(nodes, tables).root().children().get(0);
    }

    private static DocumentTree tree(String nodes, TableDefinition... tables) {
        return build("'nodes': " + nodes, catalog(tables));
    }

    private static List<SchemaProblem> problems(String nodes, TableDefinition... tables) {
        return catchThrowableOfType(SchemaException.class, () -> tree(nodes, tables))
                .problems();
    }

    private static DocumentTree build(String document, Catalog catalog) {
        String json = "[{'database': 'shop', %s}]".formatted(document).replace('\'', '"');
        SchemaFile file = SchemaReader.read("schema.json", json.getBytes(UTF_8), Map.of());
        return TreeBuilder.build(file, Map.of("shop", catalog)).get(0);
    }
}
