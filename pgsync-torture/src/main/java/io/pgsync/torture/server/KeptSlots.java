package io.pgsync.torture.server;

import io.pgsync.embedded.postgres.EmbeddedPostgres;
import io.pgsync.embedded.postgres.PostgresServer;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Standbys that keep the fail-over slots of their primary in step, as PostgreSQL does from 17 on. All methods block. */
final class KeptSlots {
    static final int FIRST_MAJOR = 17;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final String PHYSICAL = "standby";

    private KeptSlots() {}

    /** A new standby whose copies could take over now; empty if the server did not bring them so far in time. */
    static Optional<EmbeddedPostgres> standbyOf(EmbeddedPostgres primary) throws SQLException {
        ask(
                primary,
                "SELECT pg_create_physical_replication_slot('" + PHYSICAL + "', true)"
                        + " WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '" + PHYSICAL + "')");
        var standby = primary.standby(Map.of("primary_slot_name", PHYSICAL, "hot_standby_feedback", "on"));
        if (isInStep(primary, standby)) {
            return Optional.of(standby);
        }
        standby.close();
        return Optional.empty();
    }

    private static boolean isInStep(EmbeddedPostgres primary, EmbeddedPostgres standby) throws SQLException {
        // The copy of the data has the primary's own slots too, in whose place the server makes no copy.
        ask(standby, "SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots WHERE NOT synced");
        ask(standby, "ALTER SYSTEM SET sync_replication_slots = on");
        ask(standby, "SELECT pg_reload_conf()");
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!haveAll(primary, standby)) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            ask(primary, "SELECT pg_log_standby_snapshot()");
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return true;
    }

    private static boolean haveAll(EmbeddedPostgres primary, EmbeddedPostgres standby) throws SQLException {
        var wanted = ask(
                primary,
                "SELECT string_agg(slot_name, ',' ORDER BY slot_name) FROM pg_replication_slots WHERE failover");
        var kept = ask(
                standby,
                "SELECT string_agg(slot_name, ',' ORDER BY slot_name) FROM pg_replication_slots"
                        + " WHERE synced AND NOT temporary AND invalidation_reason IS NULL");
        return !wanted.isEmpty() && wanted.equals(kept);
    }

    /** From now on it gets nothing of what is committed. */
    static void cutOff(EmbeddedPostgres standby) throws SQLException {
        ask(standby, "ALTER SYSTEM SET primary_conninfo = ''");
        ask(standby, "SELECT pg_reload_conf()");
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!ask(standby, "SELECT count(*) FROM pg_stat_wal_receiver").equals("0") && System.nanoTime() < deadline) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static String ask(EmbeddedPostgres server, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(
                        server.jdbcUrl(PostgresServer.MAINTENANCE_DATABASE), server.user(), server.password());
                var statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            var rows = statement.getResultSet();
            return rows.next() && rows.getString(1) != null ? rows.getString(1) : "";
        }
    }
}
