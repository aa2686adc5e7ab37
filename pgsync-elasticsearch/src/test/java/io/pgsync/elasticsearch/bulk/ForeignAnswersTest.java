package io.pgsync.elasticsearch.bulk;

import static io.pgsync.elasticsearch.Changes.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.StubEngine;
import io.pgsync.elasticsearch.StubEngine.Reply;
import io.pgsync.elasticsearch.StubbedConnection;
import io.pgsync.elasticsearch.Trees;
import io.pgsync.elasticsearch.examination.EngineExamination;
import io.pgsync.elasticsearch.index.Generations;
import io.pgsync.elasticsearch.index.IndexInitializer;
import io.pgsync.elasticsearch.index.LoadingSettings;
import io.pgsync.elasticsearch.lookup.StoredDocuments;
import io.pgsync.elasticsearch.state.ElasticsearchStateStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** What a proxy, an ingress or a login page says in the engine's place. */
class ForeignAnswersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String HTML = "<html><head><title>Oops</title></head><body>nginx</body></html>";

    @AutoClose
    private final StubbedConnection stubbed = StubbedConnection.open();

    private final StubEngine engine = stubbed.engine();
    private final ElasticsearchConnection connection = stubbed.connection();

    @ParameterizedTest
    @ValueSource(ints = {200, 302, 400, 401, 403, 404, 502})
    void refuseNoDocumentAndEndNoRun(int status) {
        IntStream.range(0, 7).forEach(i -> engine.then(request -> Reply.foreign(status, "text/html", HTML)));

        WriteOutcome outcome = write(upsert("1", "{}"), upsert("2", "{}"), upsert("3", "{}"));

        assertThat(outcome).isEqualTo(new WriteOutcome(3, 0, List.of()));
    }

    @Test
    void aRedirectIsNotFollowed() {
        var elsewhere = new Reply(302, "", Map.of("Location", engine.url() + "/login"));
        engine.then(request -> elsewhere);

        WriteOutcome outcome = write(upsert("1", "{}"));

        assertThat(outcome.stored()).isEqualTo(1);
        assertThat(engine.bodies()).hasSize(2).doesNotContain("");
    }

    @Test
    void anErrorInTheEnginesOwnFormCountsWithoutItsMark() {
        String error =
                "{\"error\":{\"root_cause\":[],\"type\":\"security_exception\",\"reason\":\"no\"},\"status\":403}";
        IntStream.range(0, 6).forEach(i -> engine.then(request -> Reply.foreign(403, "application/json", error)));

        assertThatThrownBy(() -> write(upsert("1", "{}"))).hasMessageContaining("security_exception: no");
    }

    @Test
    void aServerThatFindsEverythingTooLargeIsMistaken() {
        IntStream.range(0, 12).forEach(i -> engine.then(request -> Reply.foreign(413, "text/html", HTML)));

        WriteOutcome outcome = write(upsert("1", "{}"), upsert("2", "{}"));

        assertThat(outcome.stored()).isEqualTo(2);
    }

    @Test
    void whatIsWrongWithEveryRequestIsNoDocumentsFault() {
        String error = "{\"error\":{\"type\":\"illegal_argument_exception\",\"reason\":\"unknown parameter\"}}";
        IntStream.range(0, 40).forEach(i -> engine.then(400, error));

        assertThatThrownBy(() -> write(upsert("1", "{}"), upsert("2", "{}")))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContaining("unknown parameter");
    }

    @Test
    void aConnectionThatIsCutUnderAllLargeRequestsCallsForSmallerOnes() {
        String filler = "x".repeat(50_000);
        IntStream.range(0, 100)
                .forEach(i -> engine.then(
                        request -> request.length() > 120_000 ? StubEngine.NO_ANSWER : StubEngine.allStored(request)));

        WriteOutcome outcome = write(
                upsert("1", "\"" + filler + "\""),
                upsert("2", "\"" + filler + "\""),
                upsert("3", "\"" + filler + "\""));

        assertThat(outcome.stored()).isEqualTo(3);
    }

    @Test
    void aDocumentUnderWhichTheConnectionIsAlwaysCutIsRefusedWhenOthersPass() {
        IntStream.range(0, 100)
                .forEach(i -> engine.then(
                        request -> request.length() > 120_000 ? StubEngine.NO_ANSWER : StubEngine.allStored(request)));

        WriteOutcome outcome = write(upsert("1", "{}"), upsert("huge", "\"" + "x".repeat(200_000) + "\""));

        assertThat(outcome.stored()).isEqualTo(1);
        assertThat(outcome.refused())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.type()).isEqualTo("connection_cut"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "404 | application/json | {\"timestamp\":\"2026\",\"path\":\"/x\",\"status\":404,\"error\":\"Not Found\"}",
                "404 | application/json | {\"message\":\"no Route matched\"}",
                "404 | text/html | <html>default backend</html>",
                "401 | text/html | <html>log in</html>",
                "403 | text/plain | RBAC: access denied",
                "302 | text/html | <html>moved</html>",
                "200 | text/html | <html>welcome</html>",
                "200 | application/json | {\"_index\":\"x\",\"_id\":\"x\",\"found\":true,\"_source\":{}}",
                "400 | text/html | <html>bad</html>"
            })
    void anyOtherRequestIsTriedAgainInTheEnd(int status, String contentType, String body) {
        engine.scriptEverything();
        var requests = Map.<String, Publisher<?>>of(
                "health", connection.check(),
                "state", new ElasticsearchStateStore(connection).load("books"),
                "index", new IndexInitializer(connection).indexUuid("books"),
                "aliases", new Generations(connection).newest("books"),
                "settings", new LoadingSettings(connection).restore("books"),
                "document", new StoredDocuments(connection).find(Trees.books("books", "id"), "1"),
                "doctor", new EngineExamination(connection).examine(List.of()));
        IntStream.range(0, 100).forEach(i -> engine.then(request -> Reply.foreign(status, contentType, body)));

        requests.forEach((name, request) -> assertThatThrownBy(
                        () -> Mono.from(request).block(PATIENCE), name)
                .isInstanceOfSatisfying(
                        SyncException.class,
                        e -> assertThat(e.remedy()).as(name).isEqualTo(Remedy.RETRY))
                .hasMessageContaining("something else answered in its place: status " + status));
    }

    @Test
    void aQuestionThatDoesNotGetThroughIsNoFailureOfTheDoctor() {
        String hosted = "{\"Message\":\"Your request: '/_cluster/settings' is not allowed.\"}";
        engine.once("/_cluster/settings", () -> Optional.of(Reply.foreign(401, "application/json", hosted)));

        assertThat(new EngineExamination(connection).examine(List.of()).block(PATIENCE))
                .contains(Finding.fine("disks", "not told: the question does not get through to the engine"));
    }

    @Test
    void anAnswerOfTheEngineThatWasCutOnItsWayIsNone() {
        IntStream.range(0, 100).forEach(i -> engine.then(200, "{\"status\":\"gre"));

        for (Publisher<?> request : List.<Publisher<?>>of(
                connection.check(),
                new ElasticsearchStateStore(connection).load("books"),
                new LoadingSettings(connection).restore("books"))) {
            assertThatThrownBy(() -> Mono.from(request).block(PATIENCE))
                    .isInstanceOfSatisfying(
                            SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.RETRY));
        }
    }

    private WriteOutcome write(DocumentChange... changes) {
        return StubbedSink.of(connection).write(changes);
    }
}
