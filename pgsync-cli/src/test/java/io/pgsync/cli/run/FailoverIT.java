package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import io.pgsync.embedded.postgres.EmbeddedPostgres;
import io.pgsync.embedded.postgres.StopMode;
import io.pgsync.torture.process.PgsyncProcess;
import io.pgsync.torture.proxy.FaultyProxy;
import io.pgsync.torture.proxy.FaultyProxy.Listener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A standby that keeps the fail-over slot in step, and is promoted while changes come that it does not get. */
class FailoverIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final EmbeddedPostgres primary = EmbeddedPostgres.builder().start();
    private final AtomicInteger port = new AtomicInteger(primary.port());

    @TempDir
    private Path directory;

    private EmbeddedPostgres standby;
    private Shop shop;
    private FaultyProxy address;

    @BeforeEach
    void follow() throws Exception {
        on(primary, "SELECT pg_create_physical_replication_slot('standby', true)");
        standby = primary.standby(
                Map.of("primary_slot_name", "standby", "sync_replication_slots", "on", "hot_standby_feedback", "on"));
        shop = Shop.open(primary, directory);
        address = FaultyProxy.to(
                () -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port.get()),
                Listener.NONE,
                Listener.NONE);
    }

    @AfterEach
    void close() throws Exception {
        address.close();
        standby.close();
        primary.close();
    }

    @Test
    void theStreamGoesOnAndWhatOnlyTheFormerPrimaryHadIsUndone() throws Exception {
        shop.sync(Map.of("PGSYNC_FAILOVER", "true")).bootstrap();
        try (var daemon = PgsyncProcess.start(directory, environment(), "-c", "schema.json", "-d")) {
            await().atMost(PATIENCE).until(() -> shop.differences().isEmpty());
            awaitCopy();
            assertThat(doctor()).contains("fail-over slot " + shop.slot() + " on replica", "kept in step");

            cutTheStandbyOff();
            shop.execute("INSERT INTO book (id, title, price) VALUES (900, 'Lost', 1);"
                    + " UPDATE book SET title = 'Lost too' WHERE id = 1; DELETE FROM book WHERE id = 2");
            await().atMost(PATIENCE).until(() -> shop.differences().isEmpty());
            assertThat(shop.document("900")).contains("Lost");
            promote();

            try (var promoted = shop.on(standby)) {
                promoted.execute("UPDATE book SET title = 'After it' WHERE id = 3");
                await().atMost(PATIENCE).until(() -> promoted.differences().isEmpty());
                assertThat(promoted.document("900")).isEmpty();
                assertThat(daemon.stop()).as(daemon.output()).isEqualTo(ExitCode.OK.code());
                assertThat(daemon.output()).contains("is followed on timeline 2 now");
            }
        }
    }

    @Test
    void withoutAFailoverSlotTheGapIsNamed() throws Exception {
        shop.sync(Map.of()).bootstrap();
        try (var daemon = PgsyncProcess.start(directory, environment(), "-c", "schema.json", "-d")) {
            await().atMost(PATIENCE).until(() -> shop.differences().isEmpty());
            promote();

            assertThat(daemon.await()).as(daemon.output()).isEqualTo(ExitCode.GAP.code());
        }
        try (var promoted = shop.on(standby)) {
            promoted.execute("SELECT 1");
        }
    }

    private Map<String, String> environment() {
        var environment = new HashMap<String, String>();
        String database = shop.slot().substring("pgsync_".length());
        environment.put("PG_URL", primary.url(database).replace(":" + primary.port(), ":" + address.port()));
        environment.put("ELASTICSEARCH_URL", ElasticsearchServers.shared().url().toString());
        return environment;
    }

    private String doctor() throws Exception {
        String database = shop.slot().substring("pgsync_".length());
        Map<String, String> environment = environment();
        environment.put("PG_URL_RO", standby.url(database));
        try (var doctor = PgsyncProcess.start(directory, environment, "doctor", "-c", "schema.json")) {
            doctor.await();
            return doctor.output();
        }
    }

    /** The server copies a slot when a snapshot of running transactions behind its position has come. */
    private void awaitCopy() {
        await().atMost(PATIENCE).until(() -> {
            on(primary, "SELECT pg_log_standby_snapshot()");
            shop.execute("UPDATE book SET price = price + 1 WHERE id = 3");
            return on(
                            standby,
                            "SELECT count(*) FROM pg_replication_slots WHERE slot_name = '" + shop.slot()
                                    + "' AND synced AND NOT temporary")
                    .equals("1");
        });
    }

    private void cutTheStandbyOff() throws SQLException {
        on(standby, "ALTER SYSTEM SET primary_conninfo = ''");
        on(standby, "SELECT pg_reload_conf()");
        await().atMost(PATIENCE)
                .until(() ->
                        on(standby, "SELECT count(*) FROM pg_stat_wal_receiver").equals("0"));
    }

    private void promote() throws SQLException {
        primary.stop(StopMode.IMMEDIATE);
        port.set(standby.port());
        standby.promote();
        await().atMost(PATIENCE)
                .until(() -> on(standby, "SELECT pg_is_in_recovery()").equals("f"));
        address.cut();
    }

    /** Gives the first column of the first row, if there is one. */
    private static String on(EmbeddedPostgres server, String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(server.jdbcUrl("postgres"), server.user(), server.password());
                var statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            var rows = statement.getResultSet();
            return rows.next() && rows.getString(1) != null ? rows.getString(1) : "";
        }
    }
}
