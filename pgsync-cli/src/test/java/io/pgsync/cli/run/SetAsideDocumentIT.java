package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.runtime.config.BackfillOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What the other commands do when one document of the schema file is set aside. */
class SetAsideDocumentIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String DRIFT = "ALTER TABLE note RENAME body TO words";

    @TempDir
    private Path directory;

    private Shop shop;
    private String notes;
    private final Sinks.Empty<Void> stop = Sinks.empty();
    private CompletableFuture<ExitCode> daemon = CompletableFuture.completedFuture(ExitCode.OK);

    @BeforeEach
    void follow() throws Exception {
        shop = Shop.open(directory);
        shop.execute("CREATE TABLE note (id int PRIMARY KEY, body text); INSERT INTO note VALUES (1, 'one')");
        notes = shop.addDocument("{\"table\": \"note\", \"columns\": [\"id\", \"body\"]}");
        Commands sync = shop.sync(Map.of());
        sync.bootstrap();
        daemon = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(state(notes)).contains("\"phase\":\"DONE\""));
    }

    @AfterEach
    void closeTheShop() throws Exception {
        stop.tryEmitEmpty();
        await().atMost(PATIENCE).until(daemon::isDone);
        shop.close();
    }

    @Test
    void theOthersAreLoadedAgainAndThisOneSaysWhatToDo() throws Exception {
        driftsAndEnds();

        assertThat(backfill(shop.index())).isEqualTo(ExitCode.OK);

        assertThatThrownBy(() -> backfill(notes))
                .isInstanceOfSatisfying(
                        SyncException.class,
                        failure -> assertThat(failure.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContainingAll(notes, "schema-drift", "correct the table", "pgsync bootstrap");
        assertThat(shop.differences(shop.index())).isEmpty();
        shop.sync(Map.of()).tearDown();
    }

    @Test
    void allThatWasMadeIsTakenAway() throws Exception {
        driftsAndEnds();

        assertThat(shop.sync(Map.of()).tearDown()).isEqualTo(ExitCode.OK);

        assertThat(state(notes) + state(shop.index())).doesNotContain("\"found\":true");
        assertThat(shop.ask("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '" + shop.slot() + "'"))
                .isEqualTo("0");
    }

    /** The load waits for the table while it is held, and never comes to its end. */
    @Test
    void aBackfillThatNobodyPerformsAnyMoreEnds() throws Exception {
        try (var migration = shop.connect();
                var statement = migration.createStatement()) {
            migration.setAutoCommit(false);
            statement.execute("LOCK TABLE note IN ACCESS EXCLUSIVE MODE");
            CompletableFuture<ExitCode> asked = CompletableFuture.supplyAsync(() -> backfill(notes), OwnThread.EACH);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(state(notes)).contains("\"phase\":\"LOADING\""));
            statement.execute(DRIFT);
            migration.commit();

            assertThatThrownBy(() -> asked.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .hasMessageContainingAll(notes, "schema-drift");
        }
        shop.execute("ALTER TABLE note RENAME words TO body");
    }

    private void driftsAndEnds() throws Exception {
        shop.execute(DRIFT);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(state(notes)).contains("SCHEMA_DRIFT"));
        stop.tryEmitEmpty();
        assertThat(daemon.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
    }

    private ExitCode backfill(String index) {
        try {
            return shop.sync(Map.of()).backfill(new BackfillOrder(List.of(index), Optional.empty()), Mono.never());
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    private String state(String index) throws Exception {
        return shop.get("/pgsync_state/_doc/" + index);
    }
}
