package io.pgsync.runtime.plan;

import static io.pgsync.core.tree.Tables.table;
import static io.pgsync.runtime.plan.BooksFile.REVIEWS;
import static io.pgsync.runtime.plan.BooksFile.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.runtime.report.DocumentPlan;
import io.pgsync.runtime.report.DocumentPlan.Basis;
import io.pgsync.runtime.report.PlannedChange;
import io.pgsync.runtime.report.PlannedChange.Measure;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which differences an edit of the schema file makes, and what each of them takes. */
class DocumentPlannerTest {
    /** Name, whether a run goes on or is refused before another bootstrap, edit of the file, and what the plan says. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', emptyValue = "", textBlock = """
            nothing | goes on | "" \
               | ""
            defaults that are written out | goes on | /0/nodes/schema = 'public'; /0/nodes/label = 'book'; \
                 /0/nodes/transform = {} \
               | ""
            a new column | refused | /0/nodes/columns/2 = 'doc' \
               | /0/nodes/columns load
            a new column with a type | refused | /0/nodes/children/0/columns/1 = 'city' \
               | /0/nodes/children/0/columns load, /0/nodes/children/0/columns in place
            a removed column | refused | /0/nodes/columns/1 gone \
               | /0/nodes/columns load, /0 nothing to do
            a renamed label | refused | /0/nodes/children/1/label = 'opinions' \
               | /0/nodes/children/1 load, /0/nodes/children/1/columns in place, /0 nothing to do
            a new child | refused | /0/nodes/children/1/children = [{'table': 'book', 'label': 'of', \
                 'columns': ['title'], 'relationship': {'variant': 'object', 'type': 'one_to_one'}}] \
               | /0/nodes/children/1/children/0 load, /0/nodes/children/1/children/0/columns in place
            a removed child | refused | /0/nodes/children/0 gone \
               | /0/nodes/children load, /0 nothing to do
            another variant | refused | /0/nodes/children/0/relationship/variant = 'scalar' \
               | /0/nodes/children/0/relationship/variant load, /0/nodes/children/0/columns reindex
            another type of relationship | refused | /0/nodes/children/1/relationship/type = 'one_to_one' \
               | /0/nodes/children/1/relationship/type load
            a rename | refused | /0/nodes/transform/rename/title = 'name' \
               | /0/nodes/transform/rename load, /0/nodes/columns in place, /0 nothing to do
            a replacement in a child | refused | /0/nodes/children/1/transform/replace/stars = {'1': 'one'} \
               | /0/nodes/children/1/transform/replace load
            a concatenation | refused | /0/nodes/transform/concat = {'destination': 'line', 'delimiter': ' ', \
                 'columns': ['title', 'price']} \
               | /0/nodes/transform/concat load, /0/nodes/columns in place
            a mapping of another type | goes on | /0/mapping/title/type = 'keyword' \
               | /0/mapping/title reindex
            another type, said by a node | goes on | /0/nodes/transform/mapping/price/type = 'float' \
               | /0/nodes/transform/mapping/price reindex
            a new analyzer | goes on | /0/setting/analysis/analyzer/plain/type = 'simple' \
               | /0/setting/analysis/analyzer/plain reindex
            a dynamic setting | goes on | /0/setting/refresh_interval = '30s' \
               | /0/setting/refresh_interval in place
            a pipeline of the engine's own | goes on | /0/setting/default_pipeline = 'clean' \
               | /0/setting/default_pipeline load
            a static setting | goes on | /0/setting/index.number_of_shards = 3 \
               | /0/setting/index.number_of_shards reindex
            a routing | refused | /0/routing = 'title' \
               | /0/routing load, /0 reindex
            a plugin | refused | /0/plugins = ['Shout'] \
               | /0/plugins load
            a pipeline | goes on | /0/pipeline = 'clean' \
               | /0/pipeline load
            another through table | refused | /0/nodes/children/2/relationship/through_tables = ['writer'] \
               | /0/nodes/children/2/relationship/through_tables load
            another schema | refused | /0/nodes/schema = 'old'; /0/nodes/children = [] \
               | /0/nodes/schema load, /0/nodes/children load, /0/nodes/children load, /0/nodes/children load, \
                 /0 nothing to do, /0 nothing to do, /0 nothing to do
            a condition of the root | refused | /0/nodes/where = 'price > 10' \
               | /0/nodes/where load
            a condition of a child | refused | /0/nodes/children/1/where = 'stars > 3' \
               | /0/nodes/children/1/where load
            an order | refused | /0/nodes/children/1/sort = ['stars desc'] \
               | /0/nodes/children/1/sort load
            a limit | refused | /0/nodes/children/1/limit = 3 \
               | /0/nodes/children/1/limit load
            base tables | refused | /0/nodes/base_tables = ['author'] \
               | /0/nodes/base_tables load
            a parameter of a mapping | goes on | /0/mapping/title = {'type': 'text', \
                 'fields': {'keyword': {'type': 'keyword', 'ignore_above': 100}}} \
               | /0/mapping/title/fields/keyword load
            a parameter of searches | goes on | /0/mapping/title = {'type': 'text', 'search_analyzer': 'simple'} \
               | /0/mapping/title in place, /0/mapping/title nothing to do
            """)
    @Retention(RetentionPolicy.RUNTIME)
    private @interface EachEdit {}

    @EachEdit
    void eachDifferenceOfAnEditGetsItsMeasure(String name, String run, String edit, String differences) {
        DocumentPlan plan = BooksIndex.loadedFrom(SHOP).plan(SHOP.edited(edit));

        assertThat(plan.changes())
                .extracting(change -> change.pointer() + " " + change.measure().words())
                .containsExactly(differences.isEmpty() ? new String[0] : differences.split(", +"));
        assertThat(plan.changes()).noneMatch(PlannedChange::byHand);
        assertThat(plan.basis()).isEqualTo(Basis.DEFINITION);
    }

    /** What a run would refuse is what a bootstrap has loaded again; everything else does without one. */
    @EachEdit
    void aRunIsRefusedOnlyIfAllOfItIsLoadedAgain(String name, String run, String edit) {
        Draft draft = BooksIndex.loadedFrom(SHOP).draft(SHOP.edited(edit));

        assertThat(draft.needsBootstrap()).isEqualTo(run.equals("refused"));
        if (draft.needsBootstrap()) {
            assertThat(draft.plan().measure()).isGreaterThanOrEqualTo(Measure.LOAD);
            assertThat(draft.plan().load().orElseThrow().byCommand()).isEqualTo(100);
        }
    }

    @Test
    void theOrderInWhichTheFileNamesThingsIsNoDifference() {
        Draft draft = BooksIndex.loadedFrom(SHOP).draft(SHOP.reversed());

        assertThat(draft.plan().changes()).isEmpty();
        assertThat(draft.plan().basis()).isEqualTo(Basis.DEFINITION);
        assertThat(draft.needsBootstrap()).isFalse();
    }

    @Test
    void documentsOfTheFileMayChangePlaces() {
        BooksFile longer = SHOP.edited("/0 = {'database': 'shop', 'index': 'others', 'nodes': {'table': 'book'}}");

        assertThat(BooksIndex.loadedFrom(SHOP).plan(longer).changes()).isEmpty();
    }

    @Test
    void aPrimaryKeyIsPartOfTheIds() {
        BooksFile file = BooksFile.of("{'table': 'shown', 'primary_key': 'id'}");

        DocumentPlan plan = BooksIndex.loadedFrom(file).plan(file.edited("/0/nodes/primary_key = 'other'"));

        assertThat(plan.changes()).anySatisfy(change -> {
            assertThat(change.pointer()).isEqualTo("/0/nodes/primary_key");
            assertThat(change.measure()).isEqualTo(Measure.REINDEX);
        });
    }

    /** It would be a renaming if the old node were gone. */
    @Test
    void aCopyOfANodeUnderAnotherNameIsNew() {
        BooksFile copied = SHOP.edited("/0/nodes/children/0 = " + REVIEWS.replace("'reviews'", "'copies'"));

        assertThat(BooksIndex.loadedFrom(SHOP).plan(copied).changes())
                .extracting(PlannedChange::what)
                .containsExactly("\"copies\" is new", "field \"copies\" is mapped as object");
    }

    @Test
    void aColumnThatTheTableHasGotIsFoundWhereAllAreShown() {
        BooksFile file = BooksFile.of("{'table': 'author'}");

        Draft draft = BooksIndex.loadedFrom(file, table("author", "id int4 pk")).draft(file);

        assertThat(draft.plan().changes())
                .extracting(PlannedChange::what)
                .containsExactly("the table has got \"name\"", "field \"name\" is mapped as text");
        assertThat(draft.needsBootstrap()).isFalse();
    }

    @Test
    void anIndexThatMustBeMadeAnewIsReplacedByAnother() {
        assertThat(BooksIndex.loadedFrom(SHOP).commands(SHOP.edited("/0/mapping/title/type = 'keyword'")))
                .containsExactly(
                        "# A daemon may run on as it is; start it with this file from then on",
                        "pgsync reindex -c schema.json --document books");
    }
}
