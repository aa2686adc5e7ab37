package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.change.Lsn;
import io.pgsync.embedded.postgres.PostgresServer;
import io.pgsync.embedded.postgres.PostgresServers;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Sinks;

/** A database in which nothing happens, on a server on which much does; {@code -Dpgsync.test.idle=600} watches it for so many seconds. */
class IdleDatabaseIT {
    private static final PostgresServer POSTGRES = PostgresServers.shared();
    private static final Duration WATCHED = Duration.ofSeconds(Integer.getInteger("pgsync.test.idle", 5));
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration PACE = Duration.ofMillis(500);
    private static final long MOST_RETAINED = 32L << 20;

    /** About 0.8 MB/s at this pace; the server notes a restart position every 15 s, the heartbeat comes every 10. */
    private static final String BALLAST = "SELECT pg_logical_emit_message(false, 'ballast', repeat('x', 400000))";

    @TempDir
    private Path directory;

    private long mostRetained;

    @Test
    void itsSlotAdvancesAndKeepsLittleLog() throws Exception {
        Sinks.Empty<Void> stop = Sinks.empty();
        try (var shop = Shop.open(directory);
                var busy = DriverManager.getConnection(
                        POSTGRES.jdbcUrl(POSTGRES.createDatabase()), POSTGRES.user(), POSTGRES.password());
                var writer = busy.createStatement()) {
            Commands sync = shop.sync(Map.of());
            sync.bootstrap();
            sync.catchUp(stop.asMono());
            var daemon = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
            Lsn began = shop.position();
            long until = System.nanoTime() + WATCHED.toNanos();

            await().pollInterval(PACE).atMost(WATCHED.plus(PATIENCE)).until(() -> {
                look(shop, writer);
                return System.nanoTime() > until && shop.confirmed().isAfter(began);
            });

            assertThat(mostRetained).isPositive().isLessThan(MOST_RETAINED);
            stop.tryEmitEmpty();
            assertThat(daemon.get(60, TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
        }
    }

    private void look(Shop shop, Statement writer) throws SQLException {
        writer.execute(BALLAST);
        String retained = shop.ask("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::int8"
                + " FROM pg_replication_slots WHERE slot_name = '" + shop.slot() + "'");
        mostRetained = Math.max(mostRetained, Long.parseLong(retained));
    }
}
