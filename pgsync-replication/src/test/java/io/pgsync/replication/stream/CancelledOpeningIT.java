package io.pgsync.replication.stream;

import static org.awaitility.Awaitility.await;

import io.pgsync.embedded.postgres.PostgresServer;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.TestDatabase;
import java.sql.DriverManager;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CancelledOpeningIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Once the slot is taken its position is read from this view, which in this database waits for a lock from now on. */
    private static final String STANDSTILL = """
            SET allow_system_table_mods = on;
            DO $$ BEGIN
              EXECUTE 'CREATE OR REPLACE VIEW pg_catalog.pg_replication_slots AS '
                || rtrim(pg_get_viewdef('pg_replication_slots'), ';') || ', pg_advisory_xact_lock(1)';
            END $$;
            SELECT pg_advisory_lock(1)""";

    private final PostgresServer server = PostgresServers.shared();

    @Test
    void freesTheSlotThatItHasTaken() throws Exception {
        try (var database = TestDatabase.on(server)) {
            String slot = database.connections().settings().database();
            StreamSettings settings = database.publishAll(slot, "publish_via_partition_root = true");
            try (var connection = DriverManager.getConnection(server.jdbcUrl(slot), server.user(), server.password());
                    var statement = connection.createStatement()) {
                statement.execute(STANDSTILL);

                var opening =
                        ReplicationStream.open(database.connections(), settings).subscribe();
                await().atMost(PATIENCE).until(() -> standsStill(database));
                opening.dispose();
                statement.execute("SELECT pg_advisory_unlock(1)");

                await().atMost(PATIENCE).until(() -> !isActive(database, slot));
            }
            database.ask("SELECT pg_drop_replication_slot('" + slot + "')");
        }
    }

    private static boolean standsStill(TestDatabase database) {
        return "true".equals(database.ask("SELECT true FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"));
    }

    private static boolean isActive(TestDatabase database, String slot) {
        return "true"
                .equals(database.ask("SELECT active FROM pg_get_replication_slots() WHERE slot_name = '" + slot + "'"));
    }
}
