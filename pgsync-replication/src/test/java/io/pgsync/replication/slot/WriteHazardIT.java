package io.pgsync.replication.slot;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.SyncException;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WriteHazardIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The truth is asked of the server: everything is published, and every table written to. */
    @Test
    void namesJustTheTablesOnWhichTheServerWouldRefuseWrites() {
        try (var database = TestDatabase.on(PostgresServers.shared())) {
            database.execute(
                    "CREATE TABLE keyed (id int PRIMARY KEY)",
                    "CREATE TABLE keyless (id int)",
                    "CREATE TABLE deferrable_key (id int PRIMARY KEY DEFERRABLE)",
                    "CREATE TABLE silent (id int PRIMARY KEY)",
                    "ALTER TABLE silent REPLICA IDENTITY NOTHING",
                    "CREATE TABLE whole (id int)",
                    "ALTER TABLE whole REPLICA IDENTITY FULL",
                    "CREATE TABLE indexed (id int NOT NULL UNIQUE)",
                    "ALTER TABLE indexed REPLICA IDENTITY USING INDEX indexed_id_key",
                    "CREATE TABLE lost (id int PRIMARY KEY, other int NOT NULL UNIQUE)",
                    "ALTER TABLE lost REPLICA IDENTITY USING INDEX lost_other_key",
                    "ALTER TABLE lost DROP CONSTRAINT lost_other_key",
                    "CREATE TABLE generated (id int, twice int GENERATED ALWAYS AS (id * 2) STORED)",
                    "ALTER TABLE generated REPLICA IDENTITY FULL",
                    "CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                    "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)",
                    "CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (10) TO (20)",
                    "ALTER TABLE parts_2 REPLICA IDENTITY NOTHING",
                    "CREATE TABLE keyless_parts (id int) PARTITION BY RANGE (id)",
                    "CREATE TABLE keyless_parts_1 PARTITION OF keyless_parts FOR VALUES FROM (0) TO (10)",
                    "ALTER TABLE keyless_parts REPLICA IDENTITY FULL",
                    "ALTER TABLE keyless_parts_1 REPLICA IDENTITY FULL",
                    "CREATE TABLE keyless_parts_2 PARTITION OF keyless_parts FOR VALUES FROM (10) TO (20)");
            List<TableName> wanted = Stream.of(
                            "keyed",
                            "keyless",
                            "deferrable_key",
                            "silent",
                            "whole",
                            "indexed",
                            "lost",
                            "generated",
                            "parts",
                            "keyless_parts")
                    .map(table -> new TableName("public", table))
                    .toList();

            List<String> named = WriteHazard.of(database.connections(), wanted)
                    .map(hazard -> hazard.holder().table())
                    .collectList()
                    .block(PATIENCE);

            database.execute("CREATE PUBLICATION every FOR ALL TABLES WITH (publish_via_partition_root = true)");
            assertThat(named)
                    .containsExactlyInAnyOrderElementsOf(refusing(database))
                    .contains("parts_2", "lost");
        }
    }

    private static List<String> refusing(TestDatabase database) {
        List<String> holders = database.connections()
                .query(
                        "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
                        row -> row.get(0, String.class))
                .collectList()
                .block(PATIENCE);
        return holders.stream()
                .filter(table -> {
                    try {
                        database.execute("UPDATE " + table + " SET id = id");
                        return false;
                    } catch (SyncException refused) {
                        assertThat(refused).hasMessageContaining("cannot update table");
                        return true;
                    }
                })
                .toList();
    }
}
