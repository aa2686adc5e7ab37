package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.change.Lsn;
import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import io.pgsync.embedded.postgres.EmbeddedPostgres;
import io.pgsync.torture.process.PgsyncProcess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents are read from a standby that is two seconds behind. */
class ReplicaReadsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** Nothing but reads of documents touches it. */
    private static final String FETCHED =
            "SELECT coalesce(sum(seq_tup_read + idx_tup_fetch), 0) FROM pg_stat_user_tables WHERE relname = 'author'";

    @TempDir
    private Path directory;

    @Test
    void whatIsConfirmedIsStoredAndThePrimaryHardlyReads() throws Exception {
        try (var primary = EmbeddedPostgres.builder()
                        .setting("wal_keep_size", "64MB")
                        .start();
                var standby = primary.standby();
                var shop = Shop.open(primary, directory)) {
            shop.sync(Map.of()).bootstrap();
            execute(standby, "postgres", "ALTER SYSTEM SET recovery_min_apply_delay = '2s'");
            execute(standby, "postgres", "SELECT pg_reload_conf()");
            String database = shop.slot().substring("pgsync_".length());
            var environment = Map.of(
                    "PG_URL", primary.url(database),
                    "PG_URL_RO", standby.url(database),
                    "ELASTICSEARCH_URL", ElasticsearchServers.shared().url().toString());
            try (var daemon = PgsyncProcess.start(directory, environment, "-c", "schema.json", "-d", "-v")) {
                await().atMost(PATIENCE).until(() -> shop.differences().isEmpty());
                for (int i = 0; i < 4; i++) {
                    shop.execute("UPDATE book SET title = 'No " + i + "', price = price + 1;"
                            + " UPDATE review SET stars = stars % 5 + 1; DELETE FROM review WHERE id = " + i);
                    Lsn committed = shop.position();
                    await().atMost(PATIENCE)
                            .pollInterval(Duration.ofMillis(10))
                            .until(() -> !committed.isAfter(shop.confirmed()));
                    assertThat(shop.differences())
                            .as("right when it is confirmed")
                            .isEmpty();
                }
                assertThat(daemon.stop()).as(daemon.output()).isEqualTo(ExitCode.OK.code());
                assertThat(daemon.output()).contains("Documents are read from replica");
            }
            // The truth of the comparisons reads the authors from the primary too, but without this daemon.
            assertThat(Long.parseLong(ask(standby, database, FETCHED))).isPositive();
        }
    }

    private static void execute(EmbeddedPostgres server, String database, String sql) throws SQLException {
        try (Connection connection = connect(server, database);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(EmbeddedPostgres server, String database, String sql) throws SQLException {
        try (Connection connection = connect(server, database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static Connection connect(EmbeddedPostgres server, String database) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(database), server.user(), server.password());
    }
}
