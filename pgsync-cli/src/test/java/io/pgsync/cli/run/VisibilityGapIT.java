package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.change.Lsn;
import io.pgsync.embedded.postgres.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Sinks;

/** A commit that is in the log and streamed, but that no other session sees yet, because it waits for a standby that never answers. */
class VisibilityGapIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LONG_ENOUGH_TO_FAIL = Duration.ofSeconds(4);

    @TempDir
    private Path directory;

    @Test
    void nothingIsReadOrConfirmedBeforeTheCommitIsVisible() throws Exception {
        try (var postgres = EmbeddedPostgres.builder().start();
                var shop = Shop.open(postgres, directory)) {
            var sync = shop.sync(Map.of());
            sync.bootstrap();
            Sinks.Empty<Void> stop = Sinks.empty();
            var daemon = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(shop.differences()).isEmpty());

            shop.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
            shop.execute("SELECT pg_reload_conf()");
            await().atMost(PATIENCE)
                    .until(() -> shop.ask("SHOW synchronous_standby_names").equals("nobody"));
            Lsn before = shop.position();
            var hidden = CompletableFuture.runAsync(
                    () -> commitElsewhere(shop, "UPDATE book SET title = 'Hidden' WHERE id = 1"), OwnThread.EACH);
            await().atMost(PATIENCE)
                    .until(() -> shop.ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
                                    + " AND query LIKE '%Hidden%' AND pid <> pg_backend_pid()")
                            .equals("1"));
            shop.execute("SET synchronous_commit = local");
            shop.execute("UPDATE book SET title = 'Seen' WHERE id = 2");
            Lsn behind = shop.position();
            await().atMost(PATIENCE).until(() -> slot(shop, "sent_lsn >= '" + behind + "'"));

            await().during(LONG_ENOUGH_TO_FAIL).atMost(PATIENCE).untilAsserted(() -> {
                assertThat(shop.ask("SELECT title FROM book WHERE id = 1")).isNotEqualTo("Hidden");
                assertThat(shop.document("1")).isNotEmpty().doesNotContain("Hidden");
                assertThat(shop.confirmed()).isLessThanOrEqualTo(before);
            });
            assertThat(hidden).isNotDone();

            shop.execute("ALTER SYSTEM RESET synchronous_standby_names");
            shop.execute("SELECT pg_reload_conf()");

            hidden.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(shop.differences()).isEmpty());
            assertThat(shop.document("1")).contains("Hidden");
            assertThat(shop.document("2")).contains("Seen");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(shop.confirmed()).isGreaterThanOrEqualTo(behind));
            stop.tryEmitEmpty();
            assertThat(daemon.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
        }
    }

    private static void commitElsewhere(Shop shop, String sql) {
        try (var connection = shop.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }

    private static boolean slot(Shop shop, String condition) throws SQLException {
        return shop.ask("SELECT coalesce(bool_or(" + condition + "), false) FROM pg_stat_replication"
                        + " JOIN pg_replication_slots ON active_pid = pid WHERE slot_name = '" + shop.slot() + "'")
                .equals("t");
    }
}
