package io.pgsync.elasticsearch.bulk;

import static io.pgsync.elasticsearch.Changes.delete;
import static io.pgsync.elasticsearch.Changes.upsert;
import static io.pgsync.elasticsearch.bulk.BulkItems.items;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.StubEngine;
import io.pgsync.elasticsearch.StubEngine.Reply;
import io.pgsync.elasticsearch.StubbedConnection;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is sent again until it is answered, and when a writer gives up. */
class RepeatedDeliveryTest {
    private static final String BUSY = items("index 429 full r");
    private static final String GONE = items("index 404 index_not_found_exception no such index");

    @AutoClose
    private final StubbedConnection stubbed = StubbedConnection.open();

    private final StubEngine engine = stubbed.engine();
    private final ElasticsearchConnection connection = stubbed.connection();

    @Test
    void anUnavailableEngineIsAskedAgain() {
        engine.then(503, "").then(502, "<html>").thenCut();

        WriteOutcome outcome = write(upsert("1", "{}"));

        assertThat(outcome.stored()).isEqualTo(1);
        assertThat(engine.bodies()).hasSize(4).containsOnly(engine.bodies().get(0));
    }

    /** It may arrive at any later time, and then it must not find what it was sent to. */
    @Test
    void whatWasNotAnsweredIsShutOutBeforeItIsSentAgain() {
        engine.then(200, BUSY).then(503, "").then(200, BUSY).thenCut().then(200, "{\"errors\":false,\"items\":[");

        write(upsert("1", "{}"));

        assertThat(engine.paths())
                .containsExactly(
                        "/books_pgsync_g1/_bulk",
                        "/books_pgsync_g1/_bulk",
                        "/books_pgsync_g1_1/_bulk",
                        "/books_pgsync_g1_1/_bulk",
                        "/books_pgsync_g1_2/_bulk",
                        "/books_pgsync_g1_3/_bulk");
    }

    /** An item that the engine fails on may be refused in the end, and may be written nevertheless. */
    @Test
    void nothingOfADeliveryIsUnderWayWhenItEnds() {
        StubbedSink sink = StubbedSink.of(connection);
        IntStream.range(0, 9).forEach(i -> engine.then(200, items("index 500 x")));

        assertThat(sink.write(upsert("1", "{}")).refused()).hasSize(1);
        sink.write(upsert("2", "{}"));

        assertThat(engine.paths()).hasSize(10).endsWith("/books_pgsync_g1_8/_bulk", "/books_pgsync_g1_9/_bulk");
    }

    @Test
    void aRequestThatComesTooLateForTheWritersOwnRenewalIsSentAgain() {
        StubbedSink sink = StubbedSink.of(connection);
        engine.then(request -> overtaken(sink, 1));

        assertThat(sink.write(upsert("1", "{}")).stored()).isEqualTo(1);

        assertThat(engine.bodies().get(engine.bodies().size() - 1)).contains("\"_id\":\"1\"");
        assertThat(engine.paths()).last().isEqualTo("/books_pgsync_g1_1/_bulk");
    }

    @Test
    void howeverOftenTheWriterRenewsItsAliasTheIndexIsNotTakenForReplaced() {
        StubbedSink sink = StubbedSink.of(connection);
        engine.then(request -> overtaken(sink, 7));

        assertThat(sink.write(upsert("1", "{}")).stored()).isEqualTo(1);

        assertThat(engine.paths()).last().isEqualTo("/books_pgsync_g1_7/_bulk");
    }

    /** Each time that the request is under way, the outcome of another one becomes unknown. */
    private Reply overtaken(StubbedSink sink, int times) {
        engine.then(503, "");
        sink.write(upsert("2", "{}"));
        if (times > 1) {
            engine.then(request -> overtaken(sink, times - 1));
        }
        return new Reply(200, GONE);
    }

    @Test
    void anAliasThatSomebodyElseTookAwayEndsTheWriter() {
        engine.then(request -> {
            engine.aliases().set();
            return new Reply(200, GONE);
        });

        assertThatThrownBy(() -> write(upsert("1", "{}")))
                .isInstanceOf(GapException.class)
                .hasMessageContaining("books_pgsync_g1");
        assertThat(engine.paths()).containsExactly("/books_pgsync_g1/_bulk");
    }

    /** Somebody has made an index of the alias's name: a delete of what is not there is no error. */
    @Test
    void deletesAreNotBelievedWhenTheirGuardDidNotFindTheAlias() {
        engine.then(200, items("delete 404", "update 404 document_missing_exception r"));
        IntStream.range(0, 6)
                .forEach(i -> engine.then(200, items("delete 404", "update 404 index_not_found_exception r")));

        assertThat(write(delete("1")).stored()).isEqualTo(1);

        assertThatThrownBy(() -> write(delete("1")))
                .isInstanceOf(GapException.class)
                .hasMessageContaining("books_pgsync_g1");
    }

    @Test
    void anOpenCircuitBreakerDelaysTheWriteAndDoesNotFailIt() {
        IntStream.range(0, 6).forEach(i -> engine.then(503, ""));

        WriteOutcome outcome = write(upsert("1", "{}"));

        assertThat(outcome.stored()).isEqualTo(1);
    }

    @Test
    void anAnswerThatIsCutOffOrTooShortCountsAsNone() {
        engine.then(200, "{\"errors\":false,\"items\":[{\"index\"").then(200, items("index 201"));

        WriteOutcome outcome = write(upsert("1", "{}"), upsert("2", "{}"));

        assertThat(outcome.stored()).isEqualTo(2);
        assertThat(engine.bodies()).hasSize(3);
    }

    @Test
    void aLoginThatWorkedBeforeMayBeRefusedByANodeThatStarts() {
        write(upsert("1", "{}"));
        IntStream.range(0, 6).forEach(i -> engine.then(401, "{}"));

        assertThatThrownBy(() -> write(upsert("2", "{}")))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.RETRY));
    }

    @Test
    void missingRightsStopTheWriterAfterAFewTries() {
        IntStream.range(0, 6)
                .forEach(i ->
                        engine.then(403, "{\"error\":{\"type\":\"security_exception\",\"reason\":\"who are you\"}}"));

        assertThatThrownBy(() -> write(upsert("1", "{}")))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContaining("who are you")
                .hasMessageContaining(
                        "Give the user the cluster privilege \"monitor\" and all privileges on the index");
        assertThat(engine.bodies()).hasSize(6);
    }

    private WriteOutcome write(DocumentChange... changes) {
        return StubbedSink.of(connection).write(changes);
    }
}
