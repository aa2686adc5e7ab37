package io.pgsync.elasticsearch.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.refusal.Refusal;
import io.pgsync.core.refusal.RefusalStore.Revised;
import io.pgsync.core.refusal.RetryOrder;
import io.pgsync.elasticsearch.StubEngine;
import io.pgsync.elasticsearch.StubbedConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ElasticsearchRefusalStoreTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<Refusal> RECORDS = List.of(
            new Refusal("7", 400, "bad", "no", Optional.of("price"), Instant.EPOCH, Instant.EPOCH.plusMillis(1), 3),
            new Refusal("8", 0, "too_large", "big", Optional.empty(), Instant.EPOCH, Instant.EPOCH, 1));

    @AutoClose
    private final StubbedConnection stubbed = StubbedConnection.open();

    private final StubEngine engine = stubbed.engine();
    private final ElasticsearchRefusalStore store = new ElasticsearchRefusalStore(stubbed.connection());

    @Test
    void recordsAreReadAsTheyWereWritten() {
        engine.scriptEverything();
        engine.then(200, "{\"_seq_no\":7,\"_primary_term\":1,\"_source\":" + RefusalJson.write(RECORDS) + "}");

        assertThat(store.refusals("books").block(PATIENCE)).isEqualTo(new Revised<>(RECORDS, "7:1"));
        assertThat(engine.paths()).last().asString().endsWith("/pgsync_state/_doc/books/refusals");
    }

    @Test
    void anOrderIsReadAsItWasWritten() {
        engine.scriptEverything();
        for (RetryOrder order : List.of(RetryOrder.ALL, RetryOrder.of(List.of("7", "8")), RetryOrder.NONE)) {
            engine.then(200, "{\"_seq_no\":7,\"_primary_term\":1,\"_source\":" + RefusalJson.write(order) + "}");

            assertThat(store.order("books").block(PATIENCE).value()).isEqualTo(order);
        }
    }

    @Test
    void whatIsNotThereIsCreatedAndWhatIsThereIsReplacedInItsRevision() {
        engine.scriptEverything();
        engine.then(404, "{\"found\":false}");

        Revised<RetryOrder> none = store.order("books").block(PATIENCE);

        assertThat(none.value()).isEqualTo(RetryOrder.NONE);
        assertThat(ElasticsearchRefusalStore.condition(none.revision())).isEqualTo("?op_type=create");
        assertThat(ElasticsearchRefusalStore.condition("8:2")).isEqualTo("?if_seq_no=8&if_primary_term=2");
    }

    @Test
    void aRevisionThatIsOutOfDateIsAConflict() {
        engine.scriptEverything();
        engine.then(
                409,
                "{\"error\":{\"type\":\"version_conflict_engine_exception\",\"reason\":\"other\"},\"status\":409}");

        assertThatThrownBy(() -> store.replaceRefusals("books", new Revised<>(List.of(), "7:1"), RECORDS)
                        .block(PATIENCE))
                .isInstanceOf(StateConflictException.class);
    }
}
