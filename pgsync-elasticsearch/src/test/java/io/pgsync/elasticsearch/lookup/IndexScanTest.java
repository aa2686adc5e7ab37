package io.pgsync.elasticsearch.lookup;

import static io.pgsync.elasticsearch.StubbedConnection.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.StubEngine;
import io.pgsync.elasticsearch.StubEngine.Reply;
import io.pgsync.elasticsearch.StubbedConnection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexScanTest {
    private static final int PAGE = 1_000;
    private static final String LOST =
            "{\"error\":{\"root_cause\":[],\"type\":\"search_phase_execution_exception\",\"reason\":\"all shards failed\"},\"status\":404}";

    @AutoClose
    private final StubbedConnection stubbed = StubbedConnection.open();

    private final StubEngine engine = stubbed.engine();

    @Test
    void elasticsearchReadsALongResultFromAPointInTimeOfIts() {
        engine.then(200, page(1, PAGE))
                .then(200, "{\"id\":\"p\"}")
                .then(200, page(1, PAGE))
                .then(200, page(1, 3));

        assertThat(read()).hasSize(PAGE + 3);

        assertThat(engine.requests())
                .containsExactly(
                        "POST /books/_search?allow_partial_search_results=false",
                        "POST /books/_pit?keep_alive=10m",
                        "POST /_search?allow_partial_search_results=false",
                        "POST /_search?allow_partial_search_results=false",
                        "DELETE /_pit");
        assertThat(engine.bodies().get(4)).isEqualTo("{\"id\":\"p\"}");
    }

    @Test
    void whoTakesLongReadsSmallPages() {
        engine.then(200, page(1, 2))
                .then(200, "{\"id\":\"p\"}")
                .then(200, page(1, 2))
                .then(200, page(1, 1));

        List<String> ids = new IndexScan(stubbed.connection())
                .ids("books", SearchClause.all(), 2)
                .collectList()
                .block(PATIENCE);

        assertThat(ids).hasSize(3);
        assertThat(engine.bodies()).element(2).asString().contains("\"size\":2");
    }

    @Test
    void openSearchReadsALongResultFromAPointInTimeOfIts() {
        engine.beOpenSearch();
        openSearch(page(1, PAGE), "{\"pit_id\":\"p\",\"id\":\"other\"}", page(1, PAGE), page(1, 3));

        assertThat(read()).hasSize(PAGE + 3);

        assertThat(engine.requests())
                .containsExactly(
                        "POST /books/_search?allow_partial_search_results=false",
                        "POST /books/_search/point_in_time?allow_partial_pit_creation=false&keep_alive=10m",
                        "POST /_search?allow_partial_search_results=false",
                        "POST /_search?allow_partial_search_results=false",
                        "DELETE /_search/point_in_time");
        assertThat(engine.bodies().get(2)).contains("\"pit\":{\"id\":\"p\"");
        assertThat(engine.bodies().get(4)).isEqualTo("{\"pit_id\":[\"p\"]}");
    }

    /** OpenSearch has no order over several shards that tells all documents apart. */
    @Test
    void eachShardIsASliceAndAPageBeginsBehindAllSortValuesOfTheLastHit() {
        engine.then(200, page(2, PAGE))
                .then(200, "{\"id\":\"p\"}")
                .then(200, page(2, PAGE))
                .then(200, page(2, 1))
                .then(200, page(2, 2));

        assertThat(read()).hasSize(PAGE + 3);

        assertThat(engine.bodies().get(2))
                .contains("\"sort\":[\"_doc\"]", "\"slice\":{\"id\":0,\"max\":2}")
                .doesNotContain("search_after");
        assertThat(engine.bodies().get(3))
                .contains("\"slice\":{\"id\":0,\"max\":2}", "\"search_after\":[999,\"s999\"]");
        assertThat(engine.bodies().get(4))
                .contains("\"slice\":{\"id\":1,\"max\":2}")
                .doesNotContain("search_after");
    }

    @Test
    void anIndexOfOneShardIsNotDivided() {
        engine.then(200, page(1, PAGE)).then(200, "{\"id\":\"p\"}").then(200, page(1, 1));

        read();

        assertThat(engine.bodies().get(2)).contains("\"sort\":[\"_doc\"]").doesNotContain("slice");
    }

    @Test
    void moreShardsThanTheEnginesDivideASearchIntoAreRefused() {
        engine.then(200, page(1_025, PAGE));

        assertThatReadingFails(Remedy.STOP)
                .hasMessageContaining("has 1,025 shards, and no more than 1,024 can be read");

        engine.then(200, page(1_024, PAGE));
        engine.then(
                400,
                "{\"error\":{\"root_cause\":[],\"type\":\"t\",\"reason\":\"asked for a point in time\"},\"status\":400}");
        assertThatReadingFails(Remedy.STOP).hasMessageContaining("asked for a point in time");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"_shards\":{\"total\":2,\"failed\":1},\"hits\":{\"hits\":[]}}",
                "{\"_shards\":{\"total\":2},\"hits\":{\"hits\":[]}}",
                "{\"timed_out\":true,\"_shards\":{\"total\":2,\"failed\":0},\"hits\":{\"hits\":[]}}",
                "{}"
            })
    void anAnswerWithoutAllShardsIsNoResult(String answer) {
        engine.then(200, answer);

        assertThatReadingFails(Remedy.RETRY).hasMessageContaining("did not reach all of its shards");
    }

    /** Since the first answer the name leads to an index with other shards, or the point in time lacks one. */
    @Test
    void aPageWithAnotherNumberOfShardsIsNoResult() {
        engine.beOpenSearch();
        openSearch(page(2, PAGE), "{\"pit_id\":\"p\"}", page(1, 3), page(1, 3));

        assertThatReadingFails(Remedy.RETRY).hasMessageContaining("did not reach all of its shards");
    }

    @Test
    void aPointInTimeWithoutAnIdIsNone() {
        engine.beOpenSearch();
        openSearch(page(2, PAGE), "{\"id\":\"p\"}");

        assertThatReadingFails(Remedy.RETRY).hasMessageContaining("did not open a point in time");
    }

    /** Its node went away, or it was kept too long: another search gives the same. */
    @Test
    void aPointInTimeThatIsGoneCallsForAnotherSearch() {
        engine.beOpenSearch();
        openSearch(page(1, PAGE), "{\"pit_id\":\"p\"}");
        IntStream.range(0, 4).forEach(i -> engine.then(request -> Reply.openSearch(404, LOST)));

        assertThatReadingFails(Remedy.RETRY).hasMessageContaining("search_phase_execution_exception");
    }

    @Test
    void aPointInTimeThatIsNotClosedSpoilsNothing() {
        engine.then(200, page(1, PAGE))
                .then(200, "{\"id\":\"p\"}")
                .then(200, page(1, 1))
                .then(404, LOST);

        assertThat(read()).hasSize(1);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertThatReadingFails(Remedy remedy) {
        return assertThatThrownBy(this::read)
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(remedy));
    }

    private List<String> read() {
        return new IndexScan(stubbed.connection())
                .ids("books", SearchClause.all())
                .collectList()
                .block(PATIENCE);
    }

    private void openSearch(String... answers) {
        List.of(answers).forEach(answer -> engine.then(request -> Reply.openSearch(200, answer)));
    }

    private static String page(int shards, int hits) {
        return "{\"_shards\":{\"total\":" + shards + ",\"failed\":0},\"hits\":{\"hits\":["
                + IntStream.range(0, hits)
                        .mapToObj(hit -> "{\"_id\":\"%d\",\"sort\":[%d,\"s%d\"]}".formatted(hit, hit, hit))
                        .collect(Collectors.joining(","))
                + "]}}";
    }
}
