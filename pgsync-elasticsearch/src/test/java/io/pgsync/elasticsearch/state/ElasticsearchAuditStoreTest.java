package io.pgsync.elasticsearch.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.audit.AuditProgress;
import io.pgsync.core.audit.AuditProgress.Place;
import io.pgsync.core.audit.AuditProgress.Round;
import io.pgsync.core.change.Lsn;
import io.pgsync.elasticsearch.StubEngine;
import io.pgsync.elasticsearch.StubbedConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ElasticsearchAuditStoreTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Instant NOON = Instant.parse("2026-12-24T12:00:00.123Z");

    @AutoClose
    private final StubbedConnection stubbed = StubbedConnection.open();

    private final StubEngine engine = stubbed.engine();
    private final ElasticsearchAuditStore store = new ElasticsearchAuditStore(stubbed.connection());

    @Test
    void aProgressIsReadAsItWasWritten() {
        var begun = AuditProgress.start("uuid", "f", 99, NOON);
        var later = new AuditProgress(
                "uuid",
                "f",
                new Place(Optional.of(List.of("7", "a\"b")), true, 50, 99),
                Lsn.parse("1/A"),
                new Round(NOON, NOON.plusMillis(1), 5, 4, 3, 2),
                Optional.of(new Round(Instant.EPOCH, NOON, 9, 0, 0, 0)));
        engine.scriptEverything();
        for (AuditProgress progress : List.of(begun, later)) {
            engine.then(200, "{\"_source\":" + AuditJson.write(progress) + "}");

            assertThat(store.load("books").block(PATIENCE)).contains(progress);
        }
        assertThat(engine.paths()).last().asString().endsWith("/pgsync_state/_doc/books/audit");
    }

    @Test
    void ofMostIndexesThereIsNone() {
        engine.scriptEverything();
        engine.then(404, "{\"found\":false}");

        assertThat(store.load("books").block(PATIENCE)).isEmpty();
    }

    /** The states of indexes are found by this field. */
    @Test
    void itIsNotTakenForAState() {
        assertThat(AuditJson.write(AuditProgress.start("uuid", "f", 99, NOON)).has("index"))
                .isFalse();
    }
}
