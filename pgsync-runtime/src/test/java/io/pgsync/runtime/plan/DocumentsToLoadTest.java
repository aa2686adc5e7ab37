package io.pgsync.runtime.plan;

import static io.pgsync.runtime.plan.BooksFile.PUBLISHER;
import static io.pgsync.runtime.plan.BooksFile.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.runtime.report.PlannedChange.Measure;
import java.time.Duration;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which documents a difference has written again, and how long that takes. */
class DocumentsToLoadTest {
    private static final String WITH_REVIEWS =
            "EXISTS (SELECT 1 FROM \"public\".\"review\" AS n1 WHERE n1.\"book_id\" = \"book\".\"id\"";

    private static final BooksFile MOVING =
            SHOP.edited("/0/nodes/children/1/transform/move = {'column': 'stars', 'destination': '$root.stars'}");

    private final BooksIndex index = BooksIndex.loadedFrom(SHOP);

    @Test
    void onlyDocumentsWithSuchRowsAreCounted() {
        BooksFile file = SHOP.edited("/0/nodes/children/1/where = 'stars > 3'");

        assertThat(index.plan(file).load()).hasValueSatisfying(load -> {
            assertThat(load.roots()).isEqualTo(7);
            assertThat(load.total()).isEqualTo(100);
            assertThat(load.where())
                    .hasValueSatisfying(where -> assertThat(where)
                            .startsWith(WITH_REVIEWS
                                    + " AND (n1.\"id\") IN (SELECT \"id\" FROM \"public\".\"review\" WHERE ")
                            .contains("((true) IS TRUE) <> ((stars > 3\n) IS TRUE)"));
        });
    }

    @Test
    void aConditionOfTheRootCountsRowsThatLeaveToo() {
        BooksFile file = SHOP.edited("/0/nodes/where = 'price > 10'");

        assertThat(index.load(file).roots()).isEqualTo(9);
        assertThat(index.source.conditions).containsExactly("((true) IS TRUE) <> ((price > 10\n) IS TRUE)");
    }

    @Test
    void whatIsTooLongToBeIndexedIsCounted() {
        BooksFile file = SHOP.edited("/0/mapping/title ="
                + " {'type': 'text', 'fields': {'keyword': {'type': 'keyword', 'ignore_above': 100}}}");

        assertThat(index.commands(file))
                .containsExactly(
                        "curl -X PUT http://search:9200/books/_mapping -H 'Content-Type: application/json' -d"
                                + " '{\"properties\":{\"title\":{\"type\":\"text\",\"fields\":{\"keyword\":{\"type\":\"keyword\",\"ignore_above\":100}}}}}'",
                        "# Start the daemon again first, if one runs",
                        "pgsync backfill -c schema.json --document books --where 'octet_length(\"title\"::text) > 100'");
        assertThat(index.source.conditions).containsExactly("octet_length(\"title\"::text) > 100");
    }

    @Test
    void aMoveMayAlterEveryDocument() {
        BooksIndex moved = BooksIndex.loadedFrom(MOVING);

        assertThat(moved.load(MOVING.edited("/0/nodes/children/1/where = 'stars > 3'"))
                        .where())
                .isEmpty();
    }

    @Test
    void whereNodesMoveValuesTheirOrderCounts() {
        BooksFile reordered = MOVING.edited("/0/nodes/children/0 gone; /0/nodes/children/2 = " + PUBLISHER);

        Draft draft = BooksIndex.loadedFrom(MOVING).draft(reordered);

        assertThat(draft.plan().measure()).isEqualTo(Measure.LOAD);
        assertThat(draft.needsBootstrap()).isTrue();
    }

    @Test
    void withoutAPipelineOfTheEngineEveryDocumentIsAnother() {
        BooksIndex piped = BooksIndex.loadedFrom(SHOP.edited("/0/setting/index.final_pipeline = 'clean'"));

        assertThat(piped.load(SHOP).roots()).isEqualTo(100);
        assertThat(piped.commands(SHOP))
                .contains("pgsync backfill -c schema.json --document books")
                .first(InstanceOfAssertFactories.STRING)
                .contains("{\"index.final_pipeline\":null}");
    }

    /** A partial load does not help: documents without a row of that node may have the field too. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/0/plugins = ['Shout']",
                "/0/pipeline = 'clean'",
                "/0/setting = {'index': {'final_pipeline': 'clean'}}"
            })
    void whatPluginsOrPipelinesMayHaveWrittenIsIndexedByALoad(String whatWritesFields) {
        BooksFile writing = SHOP.edited(whatWritesFields);
        BooksIndex written = BooksIndex.loadedFrom(writing);
        BooksFile file = writing.edited("/0/nodes/children/1/limit = 3; /0/mapping/added/type = 'keyword'");

        assertThat(written.plan(file).changes()).last().satisfies(change -> {
            assertThat(change.pointer()).isEqualTo("/0/mapping/added");
            assertThat(change.measure()).isEqualTo(Measure.LOAD);
        });
        assertThat(written.load(file).roots()).isEqualTo(100);

        assertThat(written.plan(file.edited("/0/nodes/columns/2 = 'doc'")).changes())
                .last()
                .satisfies(change -> {
                    assertThat(change.measure()).isEqualTo(Measure.IN_PLACE);
                    assertThat(change.reason()).isEqualTo("every document is written again");
                });
    }

    /** The column itself is not asked for: where it is null, the index has the other value. */
    @Test
    void whatIsIndexedForNullConcernsRowsWithoutAValueToo() {
        BooksFile file = SHOP.edited("/0/mapping/title = {'type': 'keyword', 'null_value': 'none'}");
        index.engine.mappings("books").withObjectProperty("properties").remove("title");

        assertThat(index.load(file).where()).isEmpty();
    }

    @Test
    void whatIsIndexedForNullInAChildConcernsItsRowsWithoutAValueToo() {
        BooksFile file = SHOP.edited("/0/mapping/reviews.stars = {'type': 'integer', 'null_value': 0}");
        index.engine
                .mappings("books")
                .withObject("/properties/reviews/properties")
                .remove("stars");

        assertThat(index.load(file).where()).contains(WITH_REVIEWS + ")");
    }

    /** Also a document without an author has the field. */
    @Test
    void whatIsIndexedForNullConcernsScalarsWithoutARow() {
        BooksFile file = SHOP.edited("/0/mapping/authors = {'type': 'keyword', 'null_value': 'none'}");
        index.engine.mappings("books").withObjectProperty("properties").remove("authors");

        assertThat(index.load(file).where()).isEmpty();
    }

    @Test
    void theTimeIsThatOfTheDocumentsThatTheCommandLoads() {
        index.alterState(state -> state.withBackfill(BackfillProgress.DONE.atRate(2)));

        assertThat(index.load(SHOP.edited("/0/nodes/children/1/limit = 3")).time())
                .contains(Duration.ofSeconds(50));
    }
}
