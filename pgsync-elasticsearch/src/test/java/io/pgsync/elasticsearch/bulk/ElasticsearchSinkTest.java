package io.pgsync.elasticsearch.bulk;

import static io.pgsync.elasticsearch.Changes.delete;
import static io.pgsync.elasticsearch.Changes.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.core.sink.WriteOutcome.Refused;
import io.pgsync.elasticsearch.BulkSettings;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.StubEngine;
import io.pgsync.elasticsearch.StubEngine.Reply;
import io.pgsync.elasticsearch.StubbedConnection;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElasticsearchSinkTest {
    private static final String BUSY =
            "{\"errors\":true,\"items\":[{\"index\":{\"status\":429,\"error\":{\"type\":\"full\",\"reason\":\"r\"}}}]}";

    private static final String GONE = "{\"errors\":true,\"items\":[{\"index\":{\"status\":404,\"error\":"
            + "{\"type\":\"index_not_found_exception\",\"reason\":\"no such index\"}}}]}";

    @AutoClose
    private final StubbedConnection stubbed = StubbedConnection.open();

    private final StubEngine engine = stubbed.engine();
    private final ElasticsearchConnection connection = stubbed.connection();

    @Test
    void everyItemCarriesVersionAliasAndPipeline() {
        sink(BulkSettings.DEFAULT, Optional.of("enrich")).write(upsert("a\"b", "{\"t\":\n1}"), delete("2"));

        assertThat(engine.bodies().get(0)).isEqualTo("""
                        {"index":{"_id":"a\\"b","version":7,"version_type":"external_gte","require_alias":true,"pipeline":"enrich"}}
                        {"t": 1}
                        {"delete":{"_id":"2","version":7,"version_type":"external_gte","require_alias":true}}
                        """);
    }

    @Test
    void deletesAloneAreGuardedAgainstCreatingTheAliasAsAnIndex() {
        WriteOutcome outcome = write(delete("1"), delete("2"));

        assertThat(engine.bodies().get(0))
                .contains("{\"update\":")
                .contains("\"require_alias\":true}}\n{\"doc\":{}}\n");
        assertThat(outcome.stored()).isEqualTo(2);
    }

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
        StubbedSink sink = sink(BulkSettings.DEFAULT, Optional.empty());
        String failed = "{\"errors\":true,\"items\":[{\"index\":{\"status\":500,\"error\":{\"type\":\"x\"}}}]}";
        IntStream.range(0, 9).forEach(i -> engine.then(200, failed));

        assertThat(sink.write(upsert("1", "{}")).refused()).hasSize(1);
        sink.write(upsert("2", "{}"));

        assertThat(engine.paths()).hasSize(10).endsWith("/books_pgsync_g1_8/_bulk", "/books_pgsync_g1_9/_bulk");
    }

    @Test
    void aRequestThatComesTooLateForTheWritersOwnRenewalIsSentAgain() {
        StubbedSink sink = sink(BulkSettings.DEFAULT, Optional.empty());
        engine.then(request -> overtaken(sink, 1));

        assertThat(sink.write(upsert("1", "{}")).stored()).isEqualTo(1);

        assertThat(engine.bodies().get(engine.bodies().size() - 1)).contains("\"_id\":\"1\"");
        assertThat(engine.paths()).last().isEqualTo("/books_pgsync_g1_1/_bulk");
    }

    @Test
    void howeverOftenTheWriterRenewsItsAliasTheIndexIsNotTakenForReplaced() {
        StubbedSink sink = sink(BulkSettings.DEFAULT, Optional.empty());
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
        String guarded =
                "{\"errors\":true,\"items\":[{\"delete\":{\"status\":404}},{\"update\":{\"status\":404,\"error\":"
                        + "{\"type\":\"%s\",\"reason\":\"r\"}}}]}";
        engine.then(200, guarded.formatted("document_missing_exception"));
        IntStream.range(0, 6).forEach(i -> engine.then(200, guarded.formatted("index_not_found_exception")));

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
        engine.then(200, "{\"errors\":false,\"items\":[{\"index\"")
                .then(200, "{\"errors\":false,\"items\":[{\"index\":{\"status\":201}}]}");

        WriteOutcome outcome = write(upsert("1", "{}"), upsert("2", "{}"));

        assertThat(outcome.stored()).isEqualTo(2);
        assertThat(engine.bodies()).hasSize(3);
    }

    @Test
    void onlyTheBusyItemsAreSentAgain() {
        engine.then(200, """
                {"errors":true,"items":[{"index":{"status":201}},
                  {"index":{"status":429,"error":{"type":"es_rejected_execution_exception","reason":"full",
                    "caused_by":{"type":"x","reason":"y"}}}},
                  {"index":{"status":409,"error":{"type":"version_conflict_engine_exception","reason":"newer"}}}]}""");

        WriteOutcome outcome = write(upsert("1", "{}"), upsert("2", "{}"), upsert("3", "{}"));

        assertThat(outcome.stored()).isEqualTo(2);
        assertThat(outcome.superseded()).isEqualTo(1);
        assertThat(engine.bodies().get(1)).contains("\"_id\":\"2\"").doesNotContain("\"_id\":\"1\"", "\"_id\":\"3\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"es_rejected_execution_exception", "rejected_execution_exception"})
    void aBusyEngineGetsLessAtOnce(String type) {
        String filler = "\"" + "x".repeat(50_000) + "\"";
        engine.then(
                429,
                "{\"error\":{\"root_cause\":[],\"type\":\"%s\",\"reason\":\"full\"},\"status\":429}".formatted(type));

        WriteOutcome outcome = sink(new BulkSettings(100, 200_000), Optional.empty())
                .write(upsert("1", filler), upsert("2", filler), upsert("3", filler));

        assertThat(outcome.stored()).isEqualTo(3);
        assertThat(engine.bodies()).hasSize(4).extracting(StubEngine::itemsIn).containsExactly(3, 1, 1, 1);
    }

    @Test
    void aBodyTooLargeIsHalvedUntilOneDocumentIsRefused() {
        IntStream.range(0, 9).forEach(i -> engine.then(ElasticsearchSinkTest::tooLargeAboveTwo));

        WriteOutcome outcome = write(upsert("1", "{}"), upsert("2", "{}"), upsert("3", "{}"), upsert("huge", "{}"));

        assertThat(outcome.stored()).isEqualTo(3);
        assertThat(outcome.refused()).singleElement().satisfies(refusal -> {
            assertThat(refusal.change().id()).isEqualTo("huge");
            assertThat(refusal.type()).isEqualTo("request_entity_too_large");
        });
    }

    private static Reply tooLargeAboveTwo(String request) {
        return StubEngine.itemsIn(request) > 2 || request.contains("huge")
                ? new Reply(413, "")
                : StubEngine.allStored(request);
    }

    @Test
    void aRequestThatOneDocumentPoisonsIsBisectedToIt() {
        IntStream.range(0, 9)
                .forEach(i -> engine.then(request -> request.contains("poison")
                        ? new Reply(400, "{\"error\":{\"type\":\"x_content_parse_exception\",\"reason\":\"bad\"}}")
                        : StubEngine.allStored(request)));

        WriteOutcome outcome =
                write(upsert("1", "{}"), upsert("2", "{}"), upsert("3", "\"poison\""), upsert("4", "{}"));

        assertThat(outcome.stored()).isEqualTo(3);
        assertThat(outcome.refused()).singleElement().satisfies(refusal -> {
            assertThat(refusal.change().id()).isEqualTo("3");
            assertThat(refusal.reason()).isEqualTo("bad");
        });
    }

    @Test
    void anIdBeyondTheLimitIsRefusedWithoutAsking() {
        WriteOutcome outcome = write(upsert("é".repeat(257), "{}"), upsert("é".repeat(256), "{}"));

        assertThat(outcome.stored()).isEqualTo(1);
        assertThat(outcome.refused())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.reason()).contains("514"));
    }

    @Test
    void aFieldThatAnotherRequestHasJustMappedIsTriedByThatMapping() {
        String contested =
                "{\"errors\":true,\"items\":[{\"index\":{\"status\":400,\"error\":{\"type\":\"illegal_argument_exception\","
                        + "\"reason\":\"mapper [a] cannot be changed from type [text] to [double]\"}}}]}";
        engine.then(200, contested);

        assertThat(write(upsert("1", "{}")).stored()).isEqualTo(1);

        IntStream.range(0, 3).forEach(i -> engine.then(200, contested));

        assertThat(write(upsert("2", "{}")).refused())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.reason()).contains("[a]"));
        assertThat(engine.bodies()).hasSize(5);
    }

    @Test
    void whatAnOutageTookIsNotCountedAgainstADocument() {
        String contested =
                "{\"errors\":true,\"items\":[{\"index\":{\"status\":400,\"error\":{\"type\":\"illegal_argument_exception\","
                        + "\"reason\":\"mapper [a] cannot be changed from type [text] to [double]\"}}}]}";
        String away = "{\"errors\":true,\"items\":[{\"index\":{\"status\":503,\"error\":{\"type\":\"x\"}}}]}";
        IntStream.range(0, 8).forEach(i -> engine.then(200, away));
        engine.then(200, "{\"errors\":true,\"items\":[{\"index\":{\"status\":500,\"error\":{\"type\":\"x\"}}}]}")
                .then(401, "{}")
                .then(200, contested);

        WriteOutcome outcome = write(upsert("1", "{}"));

        assertThat(outcome.stored()).isEqualTo(1);
        assertThat(engine.bodies()).hasSize(12);
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

    @Test
    void aRefusalThatIsTheIndexsFaultIsNeverBlamedOnTheDocument() {
        IntStream.range(0, 6)
                .forEach(i -> engine.then(
                        200,
                        "{\"errors\":true,\"items\":[{\"index\":{\"status\":400,\"error\":"
                                + "{\"type\":\"index_closed_exception\",\"reason\":\"closed\"}}}]}"));

        assertThatThrownBy(() -> write(upsert("1", "{}"))).hasMessageContaining("index_closed_exception");
    }

    @Test
    void batchesAreCutByDocumentsAndByBytes() {
        sink(new BulkSettings(2, 1_000_000), Optional.empty()).write(upsert("1", "{}"), upsert("2", "{}"), delete("3"));
        sink(new BulkSettings(100, 1), Optional.empty()).write(upsert("1", "{}"), upsert("2", "{}"));

        assertThat(engine.bodies()).hasSize(4);
    }

    /** Of the two shards of a routed index. */
    @Test
    void aRefusedTombstoneRefusesItsChange() {
        String tombstone = "{\"delete\":{\"status\":400,\"error\":{\"type\":\"x\",\"reason\":\"tombstone\"}}}";
        String guard = "{\"update\":{\"status\":404,\"error\":{\"type\":\"document_missing_exception\"}}}";
        String second = "{\"errors\":true,\"items\":[{\"delete\":{\"status\":409,\"error\":{\"type\":\"c\"}}},"
                + tombstone + ",";
        StubbedSink sink = routed();

        engine.then(200, "{\"errors\":false,\"items\":[{\"index\":{\"status\":201}}]}")
                .then(200, second + guard + "]}");
        DocumentChange upsert = upsert("1", "{}");
        assertRefused(sink.write(upsert), upsert);

        engine.then(200, second.replace("409", "200") + guard + "]}");
        DocumentChange delete = delete("1");
        assertRefused(sink.write(delete), delete);
    }

    private static void assertRefused(WriteOutcome outcome, DocumentChange change) {
        assertThat(outcome).isEqualTo(new WriteOutcome(0, 0, List.of(new Refused(change, 400, "x", "tombstone"))));
    }

    private StubbedSink routed() {
        return StubbedSink.of(connection, BulkSettings.DEFAULT, new Destination("books", 1, Optional.empty(), true));
    }

    @Test
    void anEmptyBatchSendsNothing() {
        assertThat(write()).isEqualTo(new WriteOutcome(0, 0, List.of()));
        assertThat(engine.bodies()).isEmpty();
    }

    private WriteOutcome write(DocumentChange... changes) {
        return StubbedSink.of(connection).write(changes);
    }

    private StubbedSink sink(BulkSettings settings, Optional<String> pipeline) {
        return StubbedSink.of(connection, settings, new Destination("books", 1, pipeline, false));
    }
}
