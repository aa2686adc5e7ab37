package io.pgsync.elasticsearch.bulk;

import static io.pgsync.elasticsearch.Changes.delete;
import static io.pgsync.elasticsearch.Changes.upsert;
import static io.pgsync.elasticsearch.bulk.BulkItems.items;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.document.DocumentChange;
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

/** Which document is refused, and which is not to blame. */
class RefusedDocumentsTest {
    private static final String CONTESTED =
            items("index 400 illegal_argument_exception mapper [a] cannot be changed from type [text] to [double]");

    @AutoClose
    private final StubbedConnection stubbed = StubbedConnection.open();

    private final StubEngine engine = stubbed.engine();
    private final ElasticsearchConnection connection = stubbed.connection();

    @Test
    void aBodyTooLargeIsHalvedUntilOneDocumentIsRefused() {
        IntStream.range(0, 9).forEach(i -> engine.then(RefusedDocumentsTest::tooLargeAboveTwo));

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
        engine.then(200, CONTESTED);

        assertThat(write(upsert("1", "{}")).stored()).isEqualTo(1);

        IntStream.range(0, 3).forEach(i -> engine.then(200, CONTESTED));

        assertThat(write(upsert("2", "{}")).refused())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.reason()).contains("[a]"));
        assertThat(engine.bodies()).hasSize(5);
    }

    @Test
    void whatAnOutageTookIsNotCountedAgainstADocument() {
        IntStream.range(0, 8).forEach(i -> engine.then(200, items("index 503 x")));
        engine.then(200, items("index 500 x")).then(401, "{}").then(200, CONTESTED);

        WriteOutcome outcome = write(upsert("1", "{}"));

        assertThat(outcome.stored()).isEqualTo(1);
        assertThat(engine.bodies()).hasSize(12);
    }

    @Test
    void aRefusalThatIsTheIndexsFaultIsNeverBlamedOnTheDocument() {
        IntStream.range(0, 6).forEach(i -> engine.then(200, items("index 400 index_closed_exception closed")));

        assertThatThrownBy(() -> write(upsert("1", "{}"))).hasMessageContaining("index_closed_exception");
    }

    /** Of the two shards of a routed index. */
    @Test
    void aRefusedTombstoneRefusesItsChange() {
        String tombstone = "delete 400 x tombstone";
        String guard = "update 404 document_missing_exception";
        StubbedSink sink =
                StubbedSink.of(connection, BulkSettings.DEFAULT, new Destination("books", 1, Optional.empty(), true));

        engine.then(200, items("index 201")).then(200, items("delete 409 c", tombstone, guard));
        DocumentChange upsert = upsert("1", "{}");
        assertRefused(sink.write(upsert), upsert);

        engine.then(200, items("delete 200", tombstone, guard));
        DocumentChange delete = delete("1");
        assertRefused(sink.write(delete), delete);
    }

    private static void assertRefused(WriteOutcome outcome, DocumentChange change) {
        assertThat(outcome).isEqualTo(new WriteOutcome(0, 0, List.of(new Refused(change, 400, "x", "tombstone"))));
    }

    private WriteOutcome write(DocumentChange... changes) {
        return StubbedSink.of(connection).write(changes);
    }
}
