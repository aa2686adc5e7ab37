package io.pgsync.runtime.plan;

import static io.pgsync.core.tree.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Trees;
import io.pgsync.runtime.config.SchemaText;
import io.pgsync.runtime.placement.PlacedSchema;
import io.pgsync.runtime.report.DocumentPlan;
import io.pgsync.runtime.report.DocumentPlan.Basis;
import io.pgsync.runtime.report.PlannedChange;
import io.pgsync.runtime.report.PlannedChange.Measure;
import io.pgsync.runtime.source.Databases;
import io.pgsync.runtime.source.Fingerprints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentPlannerTest {
    private static final URI ENGINE = URI.create("http://search:9200");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final TableDefinition[] TABLES = {
        table("book", "id int4 pk, title text, price numeric, doc jsonb, publisher_id int4 -> publisher.id"),
        table("publisher", "id int4 pk, name text, city text"),
        table("review", "id int4 pk, book_id int4 -> book.id, stars int4, verdict text"),
        table("author", "id int4 pk, name text"),
        table("book_author", "book_id int4 pk -> book.id, author_id int4 pk -> author.id"),
        table("writer", "book_id int4 pk -> book.id, author_id int4 pk -> author.id"),
        table("old.book", "id int4 pk, title text, price numeric"),
        table("shown", "id int4, other int4, title text")
    };

    private static final String FILE = """
            [{'database': 'shop', 'index': 'books', 'nodes': {'table': 'book', 'columns': ['title', 'price'], 'children': [
              {'table': 'publisher', 'columns': ['name'], 'relationship': {'variant': 'object', 'type': 'one_to_one'}},
              {'table': 'review', 'label': 'reviews', 'columns': ['stars'],
               'relationship': {'variant': 'object', 'type': 'one_to_many'}},
              {'table': 'author', 'label': 'authors', 'columns': ['name'],
               'relationship': {'variant': 'scalar', 'type': 'one_to_many', 'through_tables': ['book_author']}}]}}]""";

    private static final String REVIEWS =
            "EXISTS (SELECT 1 FROM \"public\".\"review\" AS n1 WHERE n1.\"book_id\" = \"book\".\"id\"";

    private final StatesInMemory states = new StatesInMemory();
    private final EngineInMemory engine = new EngineInMemory();
    private final SourceCounts source = new SourceCounts(TABLES);

    static Stream<Arguments> edits() {
        return Stream.of(
                edit("a new column", file -> columns(file).add("doc"), "/0/nodes/columns load"),
                edit(
                        "a new column with a type",
                        file -> columns(child(file, 0)).add("city"),
                        "/0/nodes/children/0/columns load",
                        "/0/nodes/children/0/columns in place"),
                edit("a removed column", file -> columns(file).remove(1), "/0/nodes/columns load", "/0 nothing to do"),
                edit(
                        "a renamed label",
                        file -> child(file, 1).put("label", "opinions"),
                        "/0/nodes/children/1 load",
                        "/0/nodes/children/1/columns in place",
                        "/0 nothing to do"),
                edit(
                        "a new child",
                        file -> children(child(file, 1)).add(node("""
                        {'table': 'book', 'label': 'of', 'columns': ['title'],
                         'relationship': {'variant': 'object', 'type': 'one_to_one'}}""")),
                        "/0/nodes/children/1/children/0 load",
                        "/0/nodes/children/1/children/0/columns in place"),
                edit(
                        "a removed child",
                        file -> children(root(file)).remove(0),
                        "/0/nodes/children load",
                        "/0 nothing to do"),
                edit(
                        "another variant",
                        file -> relationship(child(file, 0)).put("variant", "scalar"),
                        "/0/nodes/children/0/relationship/variant load",
                        "/0/nodes/children/0/columns reindex"),
                edit(
                        "another type of relationship",
                        file -> relationship(child(file, 1)).put("type", "one_to_one"),
                        "/0/nodes/children/1/relationship/type load"),
                edit(
                        "a rename",
                        file -> transform(root(file)).putObject("rename").put("title", "name"),
                        "/0/nodes/transform/rename load",
                        "/0/nodes/columns in place",
                        "/0 nothing to do"),
                edit(
                        "a replacement in a child",
                        file -> transform(child(file, 1))
                                .putObject("replace")
                                .putObject("stars")
                                .put("1", "one"),
                        "/0/nodes/children/1/transform/replace load"),
                edit(
                        "a concatenation",
                        file -> transform(root(file))
                                .putObject("concat")
                                .put("destination", "line")
                                .put("delimiter", " ")
                                .putArray("columns")
                                .add("title")
                                .add("price"),
                        "/0/nodes/transform/concat load",
                        "/0/nodes/columns in place"),
                edit(
                        "a mapping of another type",
                        file -> mapping(file, "title").put("type", "keyword"),
                        "/0/mapping/title reindex"),
                edit(
                        "another type, said by a node",
                        file -> transform(root(file))
                                .putObject("mapping")
                                .putObject("price")
                                .put("type", "float"),
                        "/0/nodes/transform/mapping/price reindex"),
                edit(
                        "a new analyzer",
                        file -> entry(file)
                                .putObject("setting")
                                .putObject("analysis")
                                .putObject("analyzer")
                                .putObject("plain")
                                .put("type", "simple"),
                        "/0/setting/analysis/analyzer/plain reindex"),
                edit(
                        "a dynamic setting",
                        file -> entry(file).putObject("setting").put("refresh_interval", "30s"),
                        "/0/setting/refresh_interval in place"),
                edit(
                        "a pipeline of the engine's own",
                        file -> entry(file).putObject("setting").put("default_pipeline", "clean"),
                        "/0/setting/default_pipeline load"),
                edit(
                        "a static setting",
                        file -> entry(file).putObject("setting").put("index.number_of_shards", 3),
                        "/0/setting/index.number_of_shards reindex"),
                edit("a routing", file -> entry(file).put("routing", "title"), "/0/routing load", "/0 reindex"),
                edit("a plugin", file -> entry(file).putArray("plugins").add("Shout"), "/0/plugins load"),
                edit("a pipeline", file -> entry(file).put("pipeline", "clean"), "/0/pipeline load"),
                edit(
                        "another through table",
                        file -> ((ArrayNode) relationship(child(file, 2)).path("through_tables"))
                                .removeAll()
                                .add("writer"),
                        "/0/nodes/children/2/relationship/through_tables load"),
                edit(
                        "another schema",
                        file -> children(root(file).put("schema", "old")).removeAll(),
                        "/0/nodes/schema load",
                        "/0/nodes/children load",
                        "/0/nodes/children load",
                        "/0/nodes/children load",
                        "/0 nothing to do",
                        "/0 nothing to do",
                        "/0 nothing to do"),
                edit("a condition of the root", file -> root(file).put("where", "price > 10"), "/0/nodes/where load"),
                edit(
                        "a condition of a child",
                        file -> child(file, 1).put("where", "stars > 3"),
                        "/0/nodes/children/1/where load"),
                edit(
                        "an order",
                        file -> child(file, 1).putArray("sort").add("stars desc"),
                        "/0/nodes/children/1/sort load"),
                edit("a limit", file -> child(file, 1).put("limit", 3), "/0/nodes/children/1/limit load"),
                edit(
                        "base tables",
                        file -> root(file).putArray("base_tables").add("author"),
                        "/0/nodes/base_tables load"),
                edit(
                        "a parameter of a mapping",
                        file -> mapping(file, "title")
                                .put("type", "text")
                                .putObject("fields")
                                .putObject("keyword")
                                .put("type", "keyword")
                                .put("ignore_above", 100),
                        "/0/mapping/title/fields/keyword load"),
                edit(
                        "a parameter of searches",
                        file -> mapping(file, "title").put("type", "text").put("search_analyzer", "simple"),
                        "/0/mapping/title in place",
                        "/0/mapping/title nothing to do"),
                edit("members in another order", DocumentPlannerTest::reverse),
                edit(
                        "defaults that are written out",
                        file -> root(file)
                                .put("schema", "public")
                                .put("label", "book")
                                .putObject("transform")),
                edit("nothing", file -> {}));
    }

    private static Arguments edit(String name, Consumer<ArrayNode> edit, String... expected) {
        return Arguments.of(name, edit, List.of(expected));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("edits")
    void eachDifferenceOfAnEditGetsItsMeasure(String name, Consumer<ArrayNode> edit, List<String> expected) {
        load(read(FILE));
        ArrayNode edited = read(FILE);
        edit.accept(edited);

        DocumentPlan plan = plan(edited).plan();

        assertThat(plan.changes())
                .extracting(change -> change.pointer() + " " + change.measure().words())
                .containsExactlyElementsOf(expected);
        assertThat(plan.changes()).noneMatch(PlannedChange::byHand);
        assertThat(plan.basis()).isEqualTo(Basis.DEFINITION);
    }

    /** What a run would refuse is what a bootstrap has loaded again; everything else does without one. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("edits")
    void aRunIsRefusedOnlyIfAllOfItIsLoadedAgain(String name, Consumer<ArrayNode> edit, List<String> expected) {
        load(read(FILE));
        ArrayNode edited = read(FILE);
        edit.accept(edited);

        Draft draft = plan(edited);

        if (draft.needsBootstrap()) {
            assertThat(draft.plan().measure()).isGreaterThanOrEqualTo(Measure.LOAD);
            assertThat(draft.plan().load().orElseThrow().byCommand()).isEqualTo(100);
        }
    }

    @Test
    void aPrimaryKeyIsPartOfTheIds() {
        ArrayNode file =
                read("[{'database': 'shop', 'index': 'books', 'nodes': {'table': 'shown', 'primary_key': 'id'}}]");
        load(file);
        root(file).put("primary_key", "other");

        assertThat(plan(file).plan().changes()).anySatisfy(change -> {
            assertThat(change.pointer()).isEqualTo("/0/nodes/primary_key");
            assertThat(change.measure()).isEqualTo(Measure.REINDEX);
        });
    }

    @Test
    void onlyDocumentsWithSuchRowsAreCounted() {
        load(read(FILE));
        ArrayNode file = read(FILE);
        child(file, 1).put("where", "stars > 3");

        DocumentPlan plan = plan(file).plan();

        assertThat(plan.load()).hasValueSatisfying(load -> {
            assertThat(load.roots()).isEqualTo(7);
            assertThat(load.total()).isEqualTo(100);
            assertThat(load.where())
                    .hasValueSatisfying(where -> assertThat(where)
                            .startsWith(
                                    REVIEWS + " AND (n1.\"id\") IN (SELECT \"id\" FROM \"public\".\"review\" WHERE ")
                            .contains("((true) IS TRUE) <> ((stars > 3\n) IS TRUE)"));
        });
    }

    @Test
    void aConditionOfTheRootCountsRowsThatLeaveToo() {
        load(read(FILE));
        ArrayNode file = read(FILE);
        root(file).put("where", "price > 10");

        assertThat(plan(file).plan().load().orElseThrow().roots()).isEqualTo(9);
        assertThat(source.conditions).containsExactly("((true) IS TRUE) <> ((price > 10\n) IS TRUE)");
    }

    @Test
    void whatIsTooLongToBeIndexedIsCounted() {
        load(read(FILE));
        ArrayNode file = read(FILE);
        mapping(file, "title")
                .put("type", "text")
                .putObject("fields")
                .putObject("keyword")
                .put("type", "keyword")
                .put("ignore_above", 100);

        Draft draft = plan(file);

        assertThat(source.conditions).containsExactly("octet_length(\"title\"::text) > 100");
        assertThat(PlanCommands.of(List.of(draft), ENGINE, text(file).repair()))
                .containsExactly(
                        "curl -X PUT http://search:9200/books/_mapping -H 'Content-Type: application/json' -d"
                                + " '{\"properties\":{\"title\":{\"type\":\"text\",\"fields\":{\"keyword\":{\"type\":\"keyword\",\"ignore_above\":100}}}}}'",
                        "# Start the daemon again first, if one runs",
                        "pgsync backfill -c schema.json --document books --where 'octet_length(\"title\"::text) > 100'");
    }

    @Test
    void aMoveMayAlterEveryDocument() {
        ArrayNode file = read(FILE);
        transform(child(file, 1)).putObject("move").put("column", "stars").put("destination", "$root.stars");
        load(file);
        ArrayNode edited = file.deepCopy();
        child(edited, 1).put("where", "stars > 3");

        assertThat(plan(edited).plan().load().orElseThrow().where()).isEmpty();

        ArrayNode reordered = file.deepCopy();
        ArrayNode children = children(root(reordered));
        children.add(children.remove(0));
        Draft draft = plan(reordered);
        assertThat(draft.plan().measure()).isEqualTo(Measure.LOAD);
        assertThat(draft.needsBootstrap()).isTrue();
    }

    /** It would be a renaming if the old node were gone. */
    @Test
    void aCopyOfANodeUnderAnotherNameIsNew() {
        load(read(FILE));
        ArrayNode file = read(FILE);
        ObjectNode copy = child(file, 1).deepCopy();
        children(root(file)).insert(0, copy.put("label", "copies"));

        assertThat(plan(file).plan().changes())
                .extracting(PlannedChange::what)
                .containsExactly("\"copies\" is new", "field \"copies\" is mapped as object");
    }

    /** The engine makes objects of a name with dots, so the file does not tell what was wanted before. */
    @Test
    void nobodyIsSaidToHaveChangedWhatTheFileWritesInOtherWords() {
        load(read(FILE));
        ArrayNode file = read(FILE);
        mapping(file, "more.text").put("type", "keyword");
        engine.ownWords = mappings -> {
            ObjectNode properties = mappings.withObjectProperty("properties");
            properties.remove("more.text");
            properties.withObject("/more/properties/text").put("type", "keyword");
        };

        assertThat(plan(file).plan().changes()).isNotEmpty().noneMatch(PlannedChange::byHand);
    }

    @Test
    void withoutAPipelineOfTheEngineEveryDocumentIsAnother() {
        ArrayNode file = read(FILE);
        entry(file).putObject("setting").put("index.final_pipeline", "clean");
        load(file);

        Draft draft = plan(read(FILE));

        assertThat(draft.plan().load().orElseThrow().roots()).isEqualTo(100);
        assertThat(PlanCommands.of(List.of(draft), ENGINE, text(file).repair()))
                .contains("pgsync backfill -c schema.json --document books")
                .first(InstanceOfAssertFactories.STRING)
                .contains("{\"index.final_pipeline\":null}");
    }

    /** A partial load does not help: documents without a row of that node may have the field too. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'plugins': ['Shout']",
                "'pipeline': 'clean'",
                "'setting': {'index': {'final_pipeline': 'clean'}}"
            })
    void whatPluginsOrPipelinesMayHaveWrittenIsIndexedByALoad(String whatWritesFields) {
        ArrayNode file = read(FILE);
        entry(file).setAll((ObjectNode) node("{" + whatWritesFields + "}"));
        load(file);
        child(file, 1).put("limit", 3);
        mapping(file, "added").put("type", "keyword");

        assertThat(plan(file).plan().changes()).last().satisfies(change -> {
            assertThat(change.pointer()).isEqualTo("/0/mapping/added");
            assertThat(change.measure()).isEqualTo(Measure.LOAD);
        });
        assertThat(plan(file).plan().load().orElseThrow().roots()).isEqualTo(100);

        columns(file).add("doc");
        assertThat(plan(file).plan().changes()).last().satisfies(change -> {
            assertThat(change.measure()).isEqualTo(Measure.IN_PLACE);
            assertThat(change.reason()).isEqualTo("every document is written again");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"doc", "doc.a"})
    void aMappingThatTheFileHasNoMoreStaysInTheIndex(String mapped) {
        ArrayNode file = read(FILE);
        columns(file).add("doc");
        ArrayNode before = file.deepCopy();
        mapping(before, mapped).put("type", "keyword");
        load(before);

        assertThat(plan(file).plan().changes()).singleElement().satisfies(change -> {
            assertThat(change.measure()).isEqualTo(Measure.NOTHING);
            assertThat(change.what()).isEqualTo("the mapping of field \"" + mapped + "\" is in the index alone");
            assertThat(change.reason()).contains("only a new index maps it by its values");
            assertThat(change.byHand()).isFalse();
        });
    }

    /** The column itself is not asked for: where it is null, the index has the other value. */
    @Test
    void whatIsIndexedForNullConcernsRowsWithoutAValueToo() {
        load(read(FILE));
        engine.mappings("books").withObjectProperty("properties").remove("title");
        ArrayNode ofRoot = read(FILE);
        mapping(ofRoot, "title").put("type", "keyword").put("null_value", "none");

        assertThat(plan(ofRoot).plan().load().orElseThrow().where()).isEmpty();

        load(read(FILE));
        engine.mappings("books").withObject("/properties/reviews/properties").remove("stars");
        ArrayNode ofChild = read(FILE);
        mapping(ofChild, "reviews.stars").put("type", "integer").put("null_value", 0);

        assertThat(plan(ofChild).plan().load().orElseThrow().where()).contains(REVIEWS + ")");
    }

    /** Also a document without an author has the field. */
    @Test
    void whatIsIndexedForNullConcernsScalarsWithoutARow() {
        load(read(FILE));
        engine.mappings("books").withObjectProperty("properties").remove("authors");
        ArrayNode file = read(FILE);
        mapping(file, "authors").put("type", "keyword").put("null_value", "none");

        assertThat(plan(file).plan().load().orElseThrow().where()).isEmpty();
    }

    @Test
    void documentsOfTheFileMayChangePlaces() {
        ArrayNode file = read(FILE);
        load(file);
        ArrayNode longer = file.deepCopy();
        longer.insert(0, read(FILE.replace("'books'", "'others'")).get(0));

        assertThat(plan(longer, 1).plan().changes()).isEmpty();
    }

    @Test
    void whatSomebodyHasChangedInTheIndexIsNamed() {
        load(read(FILE));
        ((ObjectNode) engine.mappings("books").at("/properties/title/fields/keyword")).put("ignore_above", 20);
        engine.mappings("books").withObject("/properties/added").put("type", "keyword");
        engine.settings("books").put("index.refresh_interval", "30s");

        assertThat(plan(read(FILE)).plan().changes())
                .allMatch(PlannedChange::byHand)
                .extracting(change -> change.what() + " " + change.measure().words())
                .containsExactly(
                        "field \"added\" is in the index alone nothing to do",
                        "field \"title.keyword\": ignore_above 20 -> 256 load",
                        "index.refresh_interval: 30s in the index alone nothing to do");
    }

    @Test
    void fieldsThatValuesBringAreNoDifference() {
        ArrayNode file = read(FILE);
        columns(file).add("doc");
        load(file);
        engine.mappings("books").withObject("/properties/doc/properties/a").put("type", "double");

        assertThat(plan(file).plan().changes()).isEmpty();
    }

    @Test
    void aColumnThatTheTableHasGotIsFoundWhereAllAreShown() {
        ArrayNode file = read("[{'database': 'shop', 'index': 'books', 'nodes': {'table': 'author'}}]");
        load(file, table("author", "id int4 pk"));

        Draft draft = plan(file);

        assertThat(draft.plan().changes())
                .extracting(PlannedChange::what)
                .containsExactly("the table has got \"name\"", "field \"name\" is mapped as text");
        assertThat(draft.needsBootstrap()).isFalse();
    }

    @Test
    void ofAnEarlierVersionOnlyTheFingerprintIsKnown() {
        ArrayNode file = read(FILE);
        load(file);
        SyncState state = states.get("books");
        states.put(new SyncState(
                "books",
                state.indexUuid(),
                state.source(),
                1,
                state.schemaFingerprint(),
                BackfillProgress.DONE,
                state.stored(),
                List.of()));

        DocumentPlan same = plan(file).plan();
        assertThat(same.basis()).isEqualTo(Basis.FINGERPRINT);
        assertThat(same.changes()).isEmpty();
        assertThat(same.notes()).anyMatch(note -> note.contains("the definition is not known"));

        columns(file).add("id");
        assertThat(plan(file).plan().changes())
                .first()
                .satisfies(change -> assertThat(change.reason()).contains("only the fingerprint differs"));
    }

    @Test
    void theTimeIsThatOfTheDocumentsThatTheCommandLoads() {
        ArrayNode file = read(FILE);
        load(file);
        states.put(states.get("books").withBackfill(BackfillProgress.DONE.atRate(2)));
        child(file, 1).put("limit", 3);

        assertThat(plan(file).plan().load().orElseThrow().time()).contains(Duration.ofSeconds(50));
    }

    @Test
    void anIndexThatIsNotThereIsLoaded() {
        ArrayNode file = read(FILE);

        Draft fresh = plan(file);

        assertThat(fresh.plan().basis()).isEqualTo(Basis.NOTHING);
        assertThat(fresh.plan().measure()).isEqualTo(Measure.LOAD);
        assertThat(PlanCommands.of(List.of(fresh), ENGINE, text(file).repair()))
                .containsExactly(
                        "# Stop the daemon, if one runs; start it again at the end",
                        "pgsync bootstrap -c schema.json",
                        "pgsync -c schema.json");
    }

    @Test
    void anIndexThatWasMadeAgainByHandIsLoaded() {
        load(read(FILE));
        engine.settings("books").put("index.uuid", "another");

        isLoadedByBootstrap(plan(read(FILE)), "it was deleted and created again");
    }

    @Test
    void whatEndsARunHasTheIndexLoaded() {
        load(read(FILE));
        states.put(states.get("books").withDiverged(Diverged.gap(new Lsn(5), new Lsn(7), "no slot")));

        isLoadedByBootstrap(plan(read(FILE)), "changes from 0/5 to 0/7 are missing: no slot");
    }

    /** Its documents are for the user to load, when the database can bear it. */
    @Test
    void aDivergenceThatIsFollowedIsOnlyNoted() {
        load(read(FILE));
        states.put(states.get("books").withDiverged(Diverged.at(new Lsn(5), Kind.DEFINITION_CHANGED, "type mood")));

        Draft draft = plan(read(FILE));

        assertThat(draft.plan().changes()).isEmpty();
        assertThat(draft.plan().notes()).anyMatch(note -> note.contains("type mood"));
    }

    private static void isLoadedByBootstrap(Draft draft, String why) {
        assertThat(draft.needsBootstrap()).isTrue();
        assertThat(draft.plan().load().orElseThrow().roots()).isEqualTo(100);
        assertThat(draft.plan().changes()).singleElement().satisfies(change -> {
            assertThat(change.measure()).isEqualTo(Measure.LOAD);
            assertThat(change.what()).startsWith(why);
        });
    }

    @Test
    void anIndexThatMustBeMadeAnewIsReplacedByAnother() {
        ArrayNode file = read(FILE);
        load(file);
        mapping(file, "title").put("type", "keyword");

        assertThat(PlanCommands.of(List.of(plan(file)), ENGINE, text(file).repair()))
                .containsExactly(
                        "# A daemon may run on as it is; start it with this file from then on",
                        "pgsync reindex -c schema.json --document books");
    }

    private void load(ArrayNode file) {
        load(file, TABLES);
    }

    private void load(ArrayNode file, TableDefinition... tables) {
        DocumentTree tree = Trees.documents(file.toString(), tables).get(0);
        var fingerprints = new Fingerprints(text(file));
        SyncState state = StatesInMemory.state("books", 10);
        states.put(new SyncState(
                        "books",
                        state.indexUuid(),
                        state.source(),
                        1,
                        fingerprints.of(tree),
                        BackfillProgress.DONE,
                        state.stored(),
                        List.of())
                .withLoaded(fingerprints.definition(tree, MappingMode.TYPES)));
        engine.create(tree);
    }

    private Draft plan(ArrayNode file) {
        return plan(file, 0);
    }

    private Draft plan(ArrayNode file, int document) {
        DocumentTree tree = Trees.documents(file.toString(), TABLES).get(document);
        return new DocumentPlanner(states, engine, source, PlacedSchema.unplaced(text(file)), MappingMode.TYPES)
                .plan(Databases.named("shop", tree), tree)
                .blockOptional()
                .orElseThrow();
    }

    private static SchemaText text(ArrayNode file) {
        return new SchemaText("schema.json", false, file.toString());
    }

    private static ArrayNode read(String file) {
        return (ArrayNode) node(file);
    }

    private static JsonNode node(String json) {
        try {
            return JSON.readTree(json.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode entry(ArrayNode file) {
        return (ObjectNode) file.get(0);
    }

    private static ObjectNode root(ArrayNode file) {
        return (ObjectNode) file.at("/0/nodes");
    }

    private static ArrayNode children(ObjectNode node) {
        return node.withArrayProperty("children");
    }

    private static ObjectNode child(ArrayNode file, int number) {
        return (ObjectNode) children(root(file)).get(number);
    }

    private static ArrayNode columns(ArrayNode file) {
        return columns(root(file));
    }

    private static ArrayNode columns(ObjectNode node) {
        return node.withArrayProperty("columns");
    }

    private static ObjectNode relationship(ObjectNode node) {
        return node.withObjectProperty("relationship");
    }

    private static ObjectNode transform(ObjectNode node) {
        return node.withObjectProperty("transform");
    }

    private static ObjectNode mapping(ArrayNode file, String field) {
        return entry(file).withObjectProperty("mapping").withObjectProperty(field);
    }

    /** The members of all objects, and lists of columns and children, from the last to the first. */
    private static void reverse(JsonNode json) {
        json.forEach(DocumentPlannerTest::reverse);
        if (json instanceof ObjectNode object) {
            List<String> names =
                    object.propertyStream().map(member -> member.getKey()).toList();
            for (int i = names.size() - 1; i >= 0; i--) {
                object.set(names.get(i), object.remove(names.get(i)));
            }
            Optional.ofNullable(object.get("children")).ifPresent(DocumentPlannerTest::reverseList);
            Optional.ofNullable(object.get("columns")).ifPresent(DocumentPlannerTest::reverseList);
        }
    }

    private static void reverseList(JsonNode list) {
        for (int i = 0; i < list.size(); i++) {
            ((ArrayNode) list).insert(i, ((ArrayNode) list).remove(list.size() - 1));
        }
    }
}
