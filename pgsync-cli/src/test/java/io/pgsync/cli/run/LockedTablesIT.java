package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgsync.cli.doctor.DiagnosisText;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.replication.connection.TableLockedException;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A migration has a table for itself: nobody waits for it without end, and the other documents are followed. */
class LockedTablesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private Shop shop;
    private String shelves;
    private Connection migration;
    private final Sinks.Empty<Void> stop = Sinks.empty();

    @BeforeEach
    void openTheShop() throws Exception {
        shop = Shop.open(directory);
        shop.execute("CREATE TABLE shelf (id int PRIMARY KEY, label text); INSERT INTO shelf VALUES (1, 'first')");
        shelves = shop.addDocument("{\"table\": \"shelf\", \"columns\": [\"id\", \"label\"]}");
        migration = shop.connect();
        migration.setAutoCommit(false);
    }

    @AfterEach
    void closeTheShop() throws Exception {
        stop.tryEmitEmpty();
        migration.close();
        shop.close();
    }

    @Test
    void aDaemonStartsAndFollowsTheOtherDocuments() throws Exception {
        Commands sync = shop.sync(Map.of());
        sync.bootstrap();
        sync.catchUp(Mono.never());
        lock("shelf");

        var daemon = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
        shop.execute("UPDATE book SET title = 'Not held up' WHERE id = 1");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shop.document("1")).contains("Not held up"));
        migration.rollback();
        shop.execute("UPDATE shelf SET label = 'free again'");

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(shop.get("/" + shelves + "/_doc/1")).contains("free again"));
        assertThat(daemon).isNotDone();
        stop.tryEmitEmpty();
        assertThat(daemon.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
    }

    @Test
    void bootstrapNamesTheTableAndMakesNothing() throws Exception {
        Commands sync = shop.sync(Map.of());
        lock("shelf");

        var bootstrap = CompletableFuture.supplyAsync(sync::bootstrap, OwnThread.EACH);

        assertThat(bootstrap)
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(TableLockedException.class)
                .withMessageContainingAll("\"public.shelf\" is locked by process", "Try again");
        assertThat(shop.list("SELECT pubname FROM pg_publication")).isEmpty();
    }

    @Test
    void doctorSaysWhatIsNotKnownNow() throws Exception {
        shop.sync(Map.of()).bootstrap();
        lock("shelf");

        var examination = CompletableFuture.supplyAsync(this::doctor, OwnThread.EACH);

        assertThat(examination)
                .succeedsWithin(PATIENCE)
                .asString()
                .contains("not known now", "\"public.shelf\" is locked by process", "wal_level")
                .doesNotContain("FAIL");
    }

    /** ALTER TABLE waits for readers too, and whoever comes later waits for ALTER TABLE. */
    @Test
    void anIdentityIsNotWaitedForWithoutEndAndTheReaderIsNamed() throws Exception {
        Commands sync = shop.sync(Map.of());
        try (var statement = migration.createStatement()) {
            statement.execute("SELECT * FROM shelf");
        }

        var bootstrap = CompletableFuture.supplyAsync(() -> sync.bootstrap(ReplicaIdentityMode.FULL), OwnThread.EACH);

        assertThat(bootstrap)
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(TableLockedException.class)
                .withMessageContaining("\"public.shelf\" is locked by process");
        assertThat(shop.list("SELECT pubname FROM pg_publication")).isEmpty();
    }

    private void lock(String table) throws Exception {
        try (var statement = migration.createStatement()) {
            statement.execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
        }
    }

    private String doctor() {
        var out = new StringWriter();
        try {
            new DiagnosisText(new DoctorRun(shop.settings(Map.of())).examine()).print(new PrintWriter(out));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return out.toString();
    }
}
