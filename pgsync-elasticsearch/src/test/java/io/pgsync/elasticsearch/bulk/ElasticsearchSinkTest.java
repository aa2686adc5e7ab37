package io.pgsync.elasticsearch.bulk;

import static io.pgsync.elasticsearch.Changes.delete;
import static io.pgsync.elasticsearch.Changes.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.elasticsearch.BulkSettings;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.StubEngine;
import io.pgsync.elasticsearch.StubbedConnection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent for a batch, and how much at once. */
class ElasticsearchSinkTest {
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
    void batchesAreCutByDocumentsAndByBytes() {
        sink(new BulkSettings(2, 1_000_000), Optional.empty()).write(upsert("1", "{}"), upsert("2", "{}"), delete("3"));
        sink(new BulkSettings(100, 1), Optional.empty()).write(upsert("1", "{}"), upsert("2", "{}"));

        assertThat(engine.bodies()).hasSize(4);
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
