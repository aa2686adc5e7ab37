package io.pgsync.elasticsearch.bulk;

import static io.pgsync.elasticsearch.Changes.batch;
import static io.pgsync.elasticsearch.Changes.delete;
import static io.pgsync.elasticsearch.Changes.upsert;
import static io.pgsync.elasticsearch.Engine.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.elasticsearch.Engine;
import io.pgsync.elasticsearch.index.Generations;
import io.pgsync.elasticsearch.index.IndexInitializer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class ElasticsearchSinkIT {
    private final Engine engine = Engine.shared();

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void theGreaterVersionWinsInAnyOrder() {
        String index = engine.createIndex();
        DocumentSink sink = Sinks.takeOver(engine, index, 1);

        sink.write(batch(index, 20, upsert("1", "{\"title\":\"new\"}"))).block(PATIENCE);
        WriteOutcome late =
                sink.write(batch(index, 10, upsert("1", "{\"title\":\"old\"}"))).block(PATIENCE);
        WriteOutcome again =
                sink.write(batch(index, 20, upsert("1", "{\"title\":\"new\"}"))).block(PATIENCE);

        assertThat(late).isEqualTo(new WriteOutcome(0, 1, List.of()));
        assertThat(again).isEqualTo(new WriteOutcome(1, 0, List.of()));
        assertThat(engine.document(index, "1").at("/_source/title").asText()).isEqualTo("new");
    }

    @Test
    void aDeletedDocumentStaysDeletedWhenAnOlderWriteArrives() {
        String index = engine.createIndex();
        DocumentSink sink = Sinks.takeOver(engine, index, 1);

        WriteOutcome missing = sink.write(batch(index, 20, delete("1"))).block(PATIENCE);
        WriteOutcome repeated = sink.write(batch(index, 20, delete("1"))).block(PATIENCE);
        WriteOutcome older = sink.write(batch(index, 19, upsert("1", "{}"))).block(PATIENCE);

        assertThat(missing.stored()).isEqualTo(1);
        assertThat(repeated.stored()).isEqualTo(1);
        assertThat(older.superseded()).isEqualTo(1);
        assertThat(engine.document(index, "1").path("found").asBoolean()).isFalse();
    }

    @Test
    void aRefusedDocumentIsReportedAndTheOthersAreStored() {
        String index = engine.createIndex();
        engine.send("PUT", "/" + index + "/_mapping", "{\"properties\":{\"pages\":{\"type\":\"integer\"}}}");
        DocumentSink sink = Sinks.takeOver(engine, index, 1);

        WriteOutcome outcome = sink.write(batch(
                        index,
                        5,
                        upsert("1", "{\"pages\":1}"),
                        upsert("2", "{\"pages\":\"many\"}"),
                        upsert("3", "{\"pages\":\n3}"),
                        upsert("4", "{\"pages\":")))
                .block(PATIENCE);

        assertThat(outcome.stored()).isEqualTo(2);
        assertThat(outcome.refused())
                .extracting(refusal -> refusal.change().id())
                .containsExactly("2", "4");
        assertThat(outcome.refused().get(0).reason()).contains("pages");
    }

    @Test
    void aDeletedIndexIsAGapAndIsNotCreatedAgain() {
        String index = engine.createIndex();
        DocumentSink sink = Sinks.takeOver(engine, index, 1);
        new IndexInitializer(engine.connection()).delete(index).block(PATIENCE);

        assertThatThrownBy(() -> sink.write(batch(index, 5, upsert("1", "{}"))).block(PATIENCE))
                .isInstanceOf(GapException.class);
        assertThatThrownBy(() -> sink.write(batch(index, 5, delete("1"))).block(PATIENCE))
                .isInstanceOf(GapException.class);
        assertThat(engine.get("/_cat/indices/" + index + "*?format=json&expand_wildcards=all"))
                .isEmpty();
    }

    @Test
    void aReplacedIndexIsAGap() {
        String index = engine.createIndex();
        DocumentSink sink = Sinks.takeOver(engine, index, 1);
        new IndexInitializer(engine.connection()).delete(index).block(PATIENCE);
        engine.send("PUT", "/" + index, "{}");

        assertThatThrownBy(() -> sink.write(batch(index, 5, upsert("1", "{}"))).block(PATIENCE))
                .isInstanceOf(GapException.class)
                .hasMessageContaining("created again");
    }

    @Test
    void anAliasThatBecameAnIndexIsAGapForDeletesToo() {
        String index = engine.createIndex();
        DocumentSink sink = Sinks.takeOver(engine, index, 1);
        engine.send(
                "POST",
                "/_aliases",
                "{\"actions\":[{\"remove\":{\"index\":\"%s\",\"alias\":\"%s\"}}]}"
                        .formatted(index, Generations.alias(index, 1)));
        engine.send("PUT", "/" + Generations.alias(index, 1), "{}");

        assertThatThrownBy(() -> sink.write(batch(index, 5, delete("1"))).block(PATIENCE))
                .isInstanceOf(GapException.class)
                .hasMessageContaining(Generations.alias(index, 1));
    }

    @Test
    void aRoutedIndexKeepsOneCopyOfADocumentWhoseRoutingChanges() {
        String index = engine.createIndex(5);
        DocumentSink sink = Sinks.takeOver(engine, new Destination(index, 1, Optional.empty(), true));

        for (int version = 1; version <= 20; version++) {
            sink.write(batch(index, version, upsert("1", "city" + version, "{\"v\":" + version + "}")))
                    .block(PATIENCE);
        }
        WriteOutcome late =
                sink.write(batch(index, 3, upsert("1", "city3", "{\"v\":3}"))).block(PATIENCE);

        assertThat(late.superseded()).isEqualTo(1);
        assertThat(hits(index)).singleElement().satisfies(hit -> {
            assertThat(hit.path("_routing").asText()).isEqualTo("city20");
            assertThat(hit.at("/_source/v").asInt()).isEqualTo(20);
        });

        sink.write(batch(index, 21, delete("1"))).block(PATIENCE);
        sink.write(batch(index, 20, upsert("1", "city20", "{\"v\":20}"))).block(PATIENCE);

        assertThat(hits(index)).isEmpty();
    }

    /** Of two writes of one document, whoever looks in between finds it. */
    @Test
    void aRoutedDocumentIsThereAllTheTimeWhileItIsWritten() {
        String index = engine.createIndex(3);
        DocumentSink sink = Sinks.takeOver(engine, new Destination(index, 1, Optional.empty(), true));
        sink.write(batch(index, 16, upsert("1", "city", "{}"))).block(PATIENCE);
        var written = Flux.range(2, 60)
                .concatMap(
                        number -> sink.write(batch(index, 16L * number, upsert("1", "city", "{\"v\":" + number + "}"))))
                .then()
                .toFuture();
        int misses = 0;
        while (!written.isDone()) {
            misses += engine.document(index, "1?routing=city").path("found").asBoolean() ? 0 : 1;
        }

        assertThat(written).isCompleted();
        assertThat(misses).isZero();
    }

    @Test
    void aRoutedDocumentThatIsRefusedLeavesTheOneBefore() {
        String index = engine.createIndex(5);
        engine.send("PUT", "/" + index + "/_mapping", "{\"properties\":{\"pages\":{\"type\":\"integer\"}}}");
        DocumentSink sink = Sinks.takeOver(engine, new Destination(index, 1, Optional.empty(), true));
        for (String id : List.of("1", "2", "3", "4", "5", "6")) {
            sink.write(batch(index, 16, upsert(id, "city", "{\"pages\":1}"))).block(PATIENCE);
            sink.write(batch(index, 32, upsert(id, "other", "{\"pages\":\"many\"}")))
                    .block(PATIENCE);
        }

        assertThat(hits(index)).hasSize(6);
    }

    /** As in an index that was cloned from another one. */
    @Test
    void aVersionThatNobodyReadIsAGapAndNotNewer() {
        String index = engine.createIndex();
        DocumentSink sink = Sinks.takeOver(engine, index, 1);
        engine.send("PUT", "/" + index + "/_doc/1?version=500&version_type=external", "{}");
        engine.send("PUT", "/" + index + "/_doc/2?version=500&version_type=external", "{}");
        engine.connection()
                .send(new Request("DELETE", "/" + index + "/_doc/2?version=501&version_type=external"))
                .block(PATIENCE);

        assertThatThrownBy(() -> sink.write(batch(index, 20, upsert("1", "{}"))).block(PATIENCE))
                .isInstanceOfSatisfying(
                        GapException.class, gap -> assertThat(gap.kind()).isEqualTo(Kind.SUPERSEDED))
                .hasMessageContaining("\"1\" has version 500");
        assertThatThrownBy(() -> sink.write(batch(index, 20, delete("1"))).block(PATIENCE))
                .isInstanceOf(GapException.class);
        assertThatThrownBy(() -> sink.write(batch(index, 20, upsert("2", "{}"))).block(PATIENCE))
                .isInstanceOf(GapException.class);
    }

    private JsonNode hits(String index) {
        engine.get("/" + index + "/_refresh");
        return engine.get("/" + index + "/_search?size=100").at("/hits/hits");
    }
}
