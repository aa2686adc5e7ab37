package io.pgsync.elasticsearch;

import static io.pgsync.elasticsearch.Changes.batch;
import static io.pgsync.elasticsearch.Changes.delete;
import static io.pgsync.elasticsearch.Changes.upsert;
import static io.pgsync.elasticsearch.Engine.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.sink.DocumentSink;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class GenerationsIT {
    private static final String SLOW_TEXT = "word ".repeat(400_000);
    /** Each analyses the text again: that keeps the engine busy for seconds. */
    private static final int FIELDS = 60;

    private final Engine engine = Engine.shared();

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void anOlderWriterCanNeitherWriteNorDelete() {
        String index = engine.createIndex();
        DocumentSink older = engine.takeOver(index, 1);
        older.write(batch(index, 1, upsert("1", "{}"))).block(PATIENCE);

        DocumentSink newer = engine.takeOver(index, 2);

        assertThatThrownBy(() -> older.write(batch(index, 9, upsert("2", "{}"))).block(PATIENCE))
                .isInstanceOf(StateConflictException.class);
        assertThatThrownBy(() -> older.write(batch(index, 9, delete("1"))).block(PATIENCE))
                .isInstanceOf(StateConflictException.class);
        assertThat(newer.write(batch(index, 2, upsert("3", "{}")))
                        .block(PATIENCE)
                        .stored())
                .isEqualTo(1);
        assertThat(engine.document(index, "1").path("found").asBoolean()).isTrue();
        assertThat(engine.document(index, "2").path("found").asBoolean()).isFalse();
        assertThat(engine.get("/_cat/indices/" + index + "*?format=json&expand_wildcards=all"))
                .hasSize(1);
    }

    @Test
    void takingOverWaitsForWhatAnOlderWriterHasUnderWay() {
        String index = engine.freshIndex();
        engine.send("PUT", "/" + index, slowToAnalyse());
        DocumentSink older = engine.takeOver(index, 1);
        String document = "{\"text\":\"" + SLOW_TEXT + "\"}";
        var underWay = older.write(batch(index, 1, upsert("1", document))).toFuture();
        await().pollInterval(Duration.ofMillis(10)).until(() -> writesUnderWay(index) > 0 || underWay.isDone());
        assertThat(underWay).as("slow enough to be seen").isNotDone();

        engine.takeOver(index, 2);

        assertThat(writesUnderWay(index)).isZero();
        assertThat(underWay).succeedsWithin(PATIENCE);
    }

    private static String slowToAnalyse() {
        String field = "{\"type\": \"text\", \"index_options\": \"docs\", \"norms\": false";
        String fields = IntStream.range(0, FIELDS)
                .mapToObj(number -> "\"f%d\": %s}".formatted(number, field))
                .collect(Collectors.joining(", "));
        return "{\"mappings\": {\"properties\": {\"text\": %s, \"fields\": {%s}}}}}".formatted(field, fields);
    }

    private int writesUnderWay(String index) {
        return engine.get("/" + index + "/_stats/indexing")
                .at("/_all/primaries/indexing/index_current")
                .asInt();
    }

    @Test
    void takingOverMayBeRepeatedAndLeavesNoBlock() {
        String index = engine.createIndex();
        engine.takeOver(index, 3);

        DocumentSink sink = engine.takeOver(index, 3);

        assertThat(sink.write(batch(index, 1, upsert("1", "{}")))
                        .block(PATIENCE)
                        .stored())
                .isEqualTo(1);
    }

    /** As when a request is sent again because its answer was lost. */
    @Test
    void takingOverTwiceAtTheSameTimeIsNoFailure() {
        String index = engine.createIndex();
        for (int generation = 1; generation <= 5; generation++) {
            var destination = new Destination(index, generation, Optional.empty(), false);

            Flux.range(0, 4).flatMap(attempt -> engine.takingOver(destination)).blockLast(PATIENCE);
        }

        assertThat(engine.get("/" + index + "/_alias").findValue("aliases").fieldNames())
                .toIterable()
                .containsExactly(Generations.alias(index, 5));
    }

    @Test
    void anOlderGenerationCannotTakeOver() {
        String index = engine.createIndex();
        engine.takeOver(index, 3);

        assertThatThrownBy(() -> engine.takeOver(index, 2)).isInstanceOf(StateConflictException.class);
    }

    @Test
    void anIndexThatIsNotThereIsAGap() {
        assertThatThrownBy(() -> engine.takeOver(engine.freshIndex(), 1)).isInstanceOf(GapException.class);
    }
}
