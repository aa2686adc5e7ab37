package io.pgsync.elasticsearch.bulk;

import static io.pgsync.elasticsearch.Changes.batch;
import static io.pgsync.elasticsearch.Changes.delete;
import static io.pgsync.elasticsearch.Changes.upsert;
import static io.pgsync.elasticsearch.Engine.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.elasticsearch.Answer;
import io.pgsync.elasticsearch.Engine;
import io.pgsync.elasticsearch.EngineKind;
import io.pgsync.elasticsearch.index.Generations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
        DocumentSink older = Sinks.takeOver(engine, index, 1);
        older.write(batch(index, 1, upsert("1", "{}"))).block(PATIENCE);

        DocumentSink newer = Sinks.takeOver(engine, index, 2);

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
        DocumentSink older = Sinks.takeOver(engine, index, 1);
        String document = "{\"text\":\"" + SLOW_TEXT + "\"}";
        var underWay = older.write(batch(index, 1, upsert("1", document))).toFuture();
        await().pollInterval(Duration.ofMillis(10)).until(() -> writesUnderWay(index) > 0 || underWay.isDone());
        assertThat(underWay).as("slow enough to be seen").isNotDone();

        Sinks.takeOver(engine, index, 2);

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
        Sinks.takeOver(engine, index, 3);

        DocumentSink sink = Sinks.takeOver(engine, index, 3);

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

            Flux.range(0, 4)
                    .flatMap(attempt -> Sinks.takingOver(engine, destination))
                    .blockLast(PATIENCE);
        }

        assertThat(aliases(index)).containsExactly(Generations.alias(index, 5));
    }

    /** Whatever is still on its way through it comes too late. */
    @Test
    void aRenewedAliasShutsOutWhatWasSentThroughTheOneBefore() {
        String index = engine.createIndex();
        Sinks.takeOver(engine, index, 3);
        var generations = new Generations(engine.connection());

        generations
                .renew(index, Generations.alias(index, 3), Generations.alias(index, 3, 1))
                .block(PATIENCE);
        // Its answer was lost.
        generations
                .renew(index, Generations.alias(index, 3), Generations.alias(index, 3, 1))
                .block(PATIENCE);

        assertThat(aliases(index)).containsExactly(Generations.alias(index, 3, 1));
        assertThat(generations.newest(index).block(PATIENCE)).hasValue(3);
        Answer late = new BulkEndpoint(engine.connection())
                .send(
                        Generations.alias(index, 3),
                        List.of(new BulkEncoder(Optional.empty()).item(upsert("1", "{}"), 1)))
                .block(PATIENCE);
        assertThat(late.json().toString()).contains("index_not_found_exception");
        assertThat(engine.document(index, "1").path("found").asBoolean()).isFalse();
        Sinks.takeOver(engine, index, 4);
        assertThat(aliases(index)).containsExactly(Generations.alias(index, 4));
    }

    @Test
    void aWriterThatWasReplacedCannotRenewItsAlias() {
        String index = engine.createIndex();
        Sinks.takeOver(engine, index, 3);
        Sinks.takeOver(engine, index, 4);

        var renewal = new Generations(engine.connection())
                .renew(index, Generations.alias(index, 3), Generations.alias(index, 3, 1));

        assertThatThrownBy(() -> renewal.block(PATIENCE)).isInstanceOf(StateConflictException.class);
        assertThat(aliases(index)).containsExactly(Generations.alias(index, 4));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWriteBlockOfTheUsersStays(boolean seenThrough) {
        assumeThat(engine.connection().kind().block(PATIENCE)).isEqualTo(EngineKind.ELASTICSEARCH);
        String index = engine.createIndex();
        Sinks.takeOver(engine, index, 1);
        block(index, seenThrough);

        Sinks.takeOver(engine, index, 2);

        assertThat(blocked(index)).isTrue();
        assertThat(aliases(index)).containsExactly(Generations.alias(index, 2));
    }

    @Test
    void openSearchDoesNotTellOfAUsersBlockSoItsEndIsWaitedFor() {
        assumeThat(engine.connection().kind().block(PATIENCE)).isEqualTo(EngineKind.OPENSEARCH);
        String index = engine.createIndex();
        Sinks.takeOver(engine, index, 1);
        block(index, true);

        assertThatThrownBy(() -> Sinks.takeOver(engine, index, 2))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.RETRY))
                .hasMessageContaining("Take the block away");
        assertThat(blocked(index)).isTrue();
        engine.send("PUT", "/" + index + "/_settings", "{\"index.blocks.write\": null}");

        Sinks.takeOver(engine, index, 2);

        assertThat(blocked(index)).isFalse();
    }

    /** As a process leaves it that dies between its block and the end of it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWriteBlockThatATakeOverLeftBehindIsRemoved(boolean seenThrough) {
        String index = engine.createIndex();
        Sinks.takeOver(engine, index, 1);
        block(index, seenThrough);
        engine.send("PUT", "/" + index + "/_alias/" + index + "_pgsync_draining", "{}");

        DocumentSink sink = Sinks.takeOver(engine, index, 2);

        assertThat(blocked(index)).isFalse();
        assertThat(sink.write(batch(index, 1, upsert("1", "{}")))
                        .block(PATIENCE)
                        .stored())
                .isEqualTo(1);
    }

    /** {@code seenThrough}: the engine has waited for what was under way, and does not do so twice. */
    private void block(String index, boolean seenThrough) {
        if (seenThrough) {
            engine.send("PUT", "/" + index + "/_block/write", "");
        } else {
            engine.send("PUT", "/" + index + "/_settings", "{\"index.blocks.write\": true}");
        }
    }

    private boolean blocked(String index) {
        return engine.get("/" + index + "/_settings").findPath("write").asBoolean();
    }

    private List<String> aliases(String index) {
        var names = new ArrayList<String>();
        engine.get("/" + index + "/_alias").findValue("aliases").fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void anOlderGenerationCannotTakeOver() {
        String index = engine.createIndex();
        Sinks.takeOver(engine, index, 3);

        assertThatThrownBy(() -> Sinks.takeOver(engine, index, 2)).isInstanceOf(StateConflictException.class);
    }

    @Test
    void anIndexThatIsNotThereIsAGap() {
        assertThatThrownBy(() -> Sinks.takeOver(engine, engine.freshIndex(), 1)).isInstanceOf(GapException.class);
    }
}
