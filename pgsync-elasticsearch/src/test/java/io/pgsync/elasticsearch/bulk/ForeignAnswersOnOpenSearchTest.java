package io.pgsync.elasticsearch.bulk;

import static io.pgsync.elasticsearch.Changes.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.EngineKind;
import io.pgsync.elasticsearch.StubEngine;
import io.pgsync.elasticsearch.StubEngine.Reply;
import io.pgsync.elasticsearch.StubbedConnection;
import io.pgsync.elasticsearch.Trees;
import io.pgsync.elasticsearch.index.Generations;
import io.pgsync.elasticsearch.index.IndexInitializer;
import io.pgsync.elasticsearch.index.KeyFields;
import io.pgsync.elasticsearch.index.LoadingSettings;
import io.pgsync.elasticsearch.lookup.StoredDocuments;
import io.pgsync.elasticsearch.state.ElasticsearchStateStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** OpenSearch 2 has no mark, so that the form of its answers must tell them from those of a proxy. */
class ForeignAnswersOnOpenSearchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @AutoClose
    private final StubbedConnection stubbed = StubbedConnection.open();

    private final StubEngine engine = stubbed.engine();
    private final ElasticsearchConnection connection = stubbed.connection();

    @BeforeEach
    void knowItAsOpenSearch() {
        engine.beOpenSearch();
        assertThat(connection.kind().block(PATIENCE)).isEqualTo(EngineKind.OPENSEARCH);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 400, 403, 404})
    void refuseNoDocumentAndEndNoRun(int status) {
        IntStream.range(0, 3)
                .forEach(i -> engine.then(request -> Reply.foreign(status, "text/html", "<html>no</html>")));

        assertThat(write()).isEqualTo(new WriteOutcome(1, 0, List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"message\":\"ok\"}"})
    void anAnswerWithoutItemsStoresNoDocument(String body) {
        IntStream.range(0, 3).forEach(i -> engine.then(request -> Reply.openSearch(200, body)));

        assertThat(write()).isEqualTo(new WriteOutcome(1, 0, List.of()));
        assertThat(engine.bodies()).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "404 | application/json | {\"timestamp\":\"2026\",\"path\":\"/x\",\"status\":404,\"error\":\"Not Found\"}",
                "403 | application/json | {\"error\":\"forbidden\",\"status\":403}",
                "200 | text/html | <html>welcome</html>",
                "400 | application/json | {\"error\":\"bad request\"}"
            })
    void anyOtherRequestIsTriedAgainInTheEnd(int status, String contentType, String body) {
        engine.scriptEverything();
        IntStream.range(0, 100).forEach(i -> engine.then(request -> Reply.foreign(status, contentType, body)));

        requests()
                .forEach((name, request) -> assertIsTriedAgain(name, request)
                        .hasMessageContaining("something else answered in its place: status " + status));
    }

    @Test
    void anAnswerThatNamesNoIndexSaysNothingAboutOne() {
        engine.scriptEverything();
        IntStream.range(0, 100).forEach(i -> engine.then(request -> Reply.openSearch(200, "{}")));

        Map.of(
                        "index", new IndexInitializer(connection).indexUuid("books"),
                        "exists", new IndexInitializer(connection).exists("books"),
                        "deletion", new IndexInitializer(connection).delete("books"),
                        "aliases", new Generations(connection).newest("books"),
                        "take-over", new Generations(connection).takeOver("books", 2),
                        "loading", new LoadingSettings(connection).relax("books"),
                        "settings", new LoadingSettings(connection).restore("books"),
                        "keys", new KeyFields(connection).reasonToLoad(Trees.books("books", "id")))
                .forEach((name, request) -> assertIsTriedAgain(name, request)
                        .hasMessageContaining("something else answered in its place, with no index where \"books\""));
    }

    private Map<String, Publisher<?>> requests() {
        return Map.of(
                "health", connection.check(),
                "state", new ElasticsearchStateStore(connection).load("books"),
                "index", new IndexInitializer(connection).indexUuid("books"),
                "aliases", new Generations(connection).newest("books"),
                "settings", new LoadingSettings(connection).restore("books"),
                "document", new StoredDocuments(connection).find(Trees.books("books", "id"), "1"));
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertIsTriedAgain(
            String name, Publisher<?> request) {
        return assertThatThrownBy(() -> Mono.from(request).block(PATIENCE), name)
                .isInstanceOfSatisfying(
                        SyncException.class,
                        e -> assertThat(e.remedy()).as(name).isEqualTo(Remedy.RETRY));
    }

    private WriteOutcome write() {
        return StubbedSink.of(connection).write(upsert("1", "{}"));
    }
}
