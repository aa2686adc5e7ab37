package io.pgsync.elasticsearch.bulk;

import static io.pgsync.elasticsearch.Changes.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.sink.WriteBatch;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.elasticsearch.Engine;
import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import io.pgsync.embedded.elasticsearch.EmbeddedEngine;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** A server with so little room that it answers with real 429s and 413s. */
class OverloadedEngineIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String FILLER = "x".repeat(900);

    private static EmbeddedEngine server;
    private static Engine engine;

    @BeforeAll
    static void start() {
        server = ElasticsearchServers.sharedFamily()
                .builder()
                .setting("indexing_pressure.memory.limit", "3mb")
                .setting("thread_pool.write.queue_size", "1")
                .setting("node.processors", "1")
                .setting("http.max_content_length", "1mb")
                .start();
        engine = Engine.at(server);
    }

    @AfterAll
    static void stop() {
        engine.close();
        server.close();
    }

    @Test
    void everyDocumentGetsInHoweverOftenTheEngineIsBusy() {
        String index = engine.createIndex();
        DocumentSink sink = Sinks.takeOver(engine, index, 1);

        List<WriteOutcome> outcomes = Flux.range(0, 12)
                .flatMap(batch -> sink.write(new WriteBatch(index, 1 + batch, documents(batch, 800))), 12)
                .collectList()
                .block(PATIENCE);

        assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome.refused()).isEmpty());
        assertThat(count(index)).isEqualTo(12 * 800);
    }

    @Test
    void aBodyBeyondTheLimitIsCutAndADocumentBeyondItIsRefused() {
        String index = engine.createIndex();
        DocumentSink sink = Sinks.takeOver(engine, index, 1);
        DocumentChange huge = upsert("huge", "{\"t\":\"" + "x".repeat(1_100_000) + "\"}");

        WriteOutcome outcome = sink.write(new WriteBatch(
                        index,
                        1,
                        Stream.concat(documents(0, 900).stream(), Stream.of(huge))
                                .toList()))
                .block(PATIENCE);

        assertThat(outcome.stored()).isEqualTo(900);
        assertThat(outcome.refused())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.change().id()).isEqualTo("huge"));
    }

    private static List<DocumentChange> documents(int batch, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> upsert(batch + "-" + i, "{\"t\":\"" + FILLER + "\"}"))
                .toList();
    }

    private static int count(String index) {
        engine.get("/" + index + "/_refresh");
        return engine.get("/" + index + "/_count").path("count").asInt();
    }
}
