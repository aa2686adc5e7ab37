package io.pgsync.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.bulk.ElasticsearchOwnership;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class EngineVersionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String HEALTH = "{\"cluster_name\":\"c\",\"status\":\"green\",\"timed_out\":false,"
            + "\"number_of_nodes\":1,\"number_of_data_nodes\":1,\"active_primary_shards\":0,\"active_shards\":0,"
            + "\"relocating_shards\":0,\"initializing_shards\":0,\"unassigned_shards\":0,\"unassigned_primary_shards\":0,"
            + "\"delayed_unassigned_shards\":0,\"number_of_pending_tasks\":0,\"number_of_in_flight_fetch\":0,"
            + "\"task_max_waiting_in_queue_millis\":0,\"active_shards_percent_as_number\":100.0}";

    private final StubEngine engine = new StubEngine();
    private final Scheduler scheduler = Schedulers.newParallel("engine", 1);
    private final ElasticsearchConnection connection =
            ElasticsearchConnection.open(ElasticsearchSettings.of(engine.url()), scheduler);

    @AfterEach
    void close() {
        connection.close();
        scheduler.dispose();
        engine.close();
    }

    @ParameterizedTest
    @CsvSource({"7.17.29, false", "8.0.0, true", "9.5.3-SNAPSHOT, true", "10.0.0, true", "'', false", "none, false"})
    void versionsFromEightOnAreSupported(String number, boolean supported) {
        assertThat(new EngineVersion(number).isSupported()).isEqualTo(supported);
    }

    @Test
    void aClaimOfAnEngineThatIsTooOldFailsBeforeItTakesAnything() {
        engine.then(200, HEALTH).then(200, "{\"nodes\":{\"x\":{\"version\":\"7.17.29\"}}}");
        var ownership = new ElasticsearchOwnership(connection, BulkSettings.DEFAULT);

        assertThatThrownBy(
                        () -> ownership.takeOver(Trees.books("books", "id"), 1).block(PATIENCE))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContaining("Elasticsearch 7.17.29 is too old. Upgrade it to version 8 or 9.");
        assertThat(engine.bodies()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"nodes\":{}}", "{\"nodes\":{\"x\":{\"version\":\"\"}}}"})
    void anEngineThatTellsNoVersionIsAskedAgain(String answer) {
        engine.then(200, HEALTH).then(200, answer);

        assertThatThrownBy(() -> connection.check().block(PATIENCE))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.RETRY))
                .hasMessageContaining("did not tell its version");
    }
}
