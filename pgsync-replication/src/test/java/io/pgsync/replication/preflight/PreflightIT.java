package io.pgsync.replication.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.core.failure.SyncException;
import io.pgsync.embedded.postgres.EmbeddedPostgres;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.TestDatabase;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresSettings;
import io.pgsync.replication.slot.WriteHazard;
import io.pgsync.replication.stream.StreamSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class PreflightIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final StreamSettings SETTINGS = new StreamSettings("preflight", "preflight");

    @Test
    void findsNothingWhereAllIsWell() {
        try (var database = TestDatabase.on(PostgresServers.shared())) {
            database.execute("CREATE TABLE author (id int PRIMARY KEY)");

            assertThat(check(database.connections(), "author")).isEmpty();
        }
    }

    @Test
    void findsEveryProblemOfTheTables() {
        try (var database = TestDatabase.on(PostgresServers.shared())) {
            database.execute(
                    "CREATE UNLOGGED TABLE draft (id int PRIMARY KEY)",
                    "CREATE TABLE keyless (id int)",
                    "CREATE TABLE indexed (id int NOT NULL UNIQUE)",
                    "ALTER TABLE indexed REPLICA IDENTITY USING INDEX indexed_id_key",
                    "CREATE TABLE whole (id int)",
                    "ALTER TABLE whole REPLICA IDENTITY FULL",
                    "CREATE VIEW shown AS SELECT 1 AS id");

            List<Finding> findings =
                    check(database.connections(), "draft", "keyless", "indexed", "whole", "shown", "missing");

            assertThat(findings)
                    .extracting(Finding::subject, Finding::severity)
                    .containsExactly(
                            tuple("table public.draft", Severity.PROBLEM),
                            tuple("table public.shown", Severity.PROBLEM),
                            tuple("table public.missing", Severity.PROBLEM),
                            tuple("table public.keyless", Severity.PROBLEM));
        }
    }

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

    @Test
    void aTableWithoutIdentityThatIsNamedForInsertsIsFine() {
        try (var database = TestDatabase.on(PostgresServers.shared())) {
            database.execute("CREATE TABLE keyless (id int)");
            var keyless = new TableName("public", "keyless");

            assertThat(new Preflight(database.connections())
                            .check(SETTINGS, List.of(new WantedTable(keyless, Set.of("id"))), Set.of(keyless))
                            .block(PATIENCE))
                    .isEmpty();
        }
    }

    @Test
    void aPartitionBesideItsRootIsAProblem() {
        try (var database = TestDatabase.on(PostgresServers.shared())) {
            database.execute(
                    "CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                    "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)");

            assertThat(check(database.connections(), "parts_1")).isEmpty();
            assertThat(check(database.connections(), "parts", "parts_1"))
                    .extracting(Finding::subject, Finding::severity)
                    .containsExactly(tuple("table public.parts_1", Severity.PROBLEM));
        }
    }

    @Test
    void aPartitionedTableWithoutKeyIsAWarningForPartitionsToCome() {
        try (var database = TestDatabase.on(PostgresServers.shared())) {
            database.execute("CREATE TABLE parts (id int) PARTITION BY RANGE (id)");

            assertThat(check(database.connections(), "parts"))
                    .extracting(Finding::severity)
                    .containsExactly(Severity.WARNING);
        }
    }

    /** What is asked for is neither more nor less than what the queries need. */
    @Test
    void rightsOnTheColumnsThatAreReadAreEnoughAndTheRemedyGivesThem() {
        try (var database = TestDatabase.on(PostgresServers.shared());
                var reader = new Reader(database)) {
            database.execute("CREATE TABLE author (id int PRIMARY KEY, name text, secret text)");
            reader.mayReplicateAndPublish("author");
            database.execute("GRANT SELECT (id) ON author TO " + reader.role());

            List<Finding> lacking = reader.check("author", "id", "name");
            lacking.forEach(finding -> database.execute(finding.remedy()));

            assertThat(lacking)
                    .extracting(Finding::message)
                    .containsExactly("role '" + reader.role() + "' may not read its columns \"name\"");
            assertThat(reader.check("author", "id", "name")).isEmpty();
        }
    }

    @Test
    void rowLevelSecurityIsAProblemAndAnErrorRatherThanAFilter() {
        try (var database = TestDatabase.on(PostgresServers.shared());
                var reader = new Reader(database)) {
            database.execute(
                    "CREATE TABLE author (id int PRIMARY KEY, tenant text)",
                    "INSERT INTO author VALUES (1, 'x'), (2, 'y')",
                    "ALTER TABLE author ENABLE ROW LEVEL SECURITY",
                    "CREATE POLICY one ON author USING (tenant = 'x')");
            reader.mayReplicateAndPublish("author");
            database.execute("GRANT SELECT ON author TO " + reader.role());

            List<Finding> findings = reader.check("author", "id");
            Mono<Long> rows = reader.connections()
                    .query("SELECT count(*) FROM author", row -> row.get(0, Long.class))
                    .single();
            assertThatThrownBy(() -> rows.block(PATIENCE))
                    .isInstanceOf(SyncException.class)
                    .hasMessageContaining("row-level security");
            findings.forEach(finding -> database.execute(finding.remedy()));

            assertThat(findings)
                    .extracting(Finding::message)
                    .singleElement()
                    .asString()
                    .contains("row-level security");
            assertThat(reader.check("author", "id")).isEmpty();
            assertThat(rows.block(PATIENCE)).isEqualTo(2);
        }
    }

    /** A role that owns the publication and no table. */
    private static final class Reader implements AutoCloseable {
        private final TestDatabase database;
        private final String role;
        private final PostgresConnections connections;

        Reader(TestDatabase database) {
            this.database = database;
            PostgresSettings owner = database.connections().settings();
            role = owner.database() + "_reader";
            database.execute("CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'reader'");
            connections = PostgresConnections.to(
                    PostgresSettings.plain(owner.host(), owner.port(), owner.database(), role, "reader"), 1);
        }

        void mayReplicateAndPublish(String table) {
            database.execute(
                    "GRANT CREATE ON DATABASE "
                            + database.connections().settings().database() + " TO " + role,
                    "CREATE PUBLICATION preflight FOR TABLE " + table,
                    "ALTER PUBLICATION preflight OWNER TO " + role);
        }

        String role() {
            return role;
        }

        PostgresConnections connections() {
            return connections;
        }

        List<Finding> check(String table, String... columns) {
            return new Preflight(connections)
                    .check(
                            SETTINGS,
                            List.of(new WantedTable(new TableName("public", table), Set.of(columns))),
                            Set.of())
                    .block(PATIENCE);
        }

        @Override
        public void close() {
            connections.close().block(PATIENCE);
            database.execute("DROP OWNED BY " + role + " CASCADE", "DROP ROLE " + role);
        }
    }

    @Test
    void doctorNamesWhatAPublicationLeavesOut() {
        try (var database = TestDatabase.on(PostgresServers.shared())) {
            database.execute(
                    "CREATE TABLE author (id int PRIMARY KEY)",
                    "CREATE PUBLICATION preflight FOR TABLE author WITH (publish = 'insert', publish_via_partition_root = true)");
            var wanted = List.of(new WantedTable(new TableName("public", "author"), Set.of("id")));

            assertThat(new Preflight(database.connections())
                            .examine(SETTINGS, wanted, Set.of())
                            .block(PATIENCE))
                    .filteredOn(finding -> finding.subject().equals("publication preflight"))
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.PROBLEM))
                    .satisfies(finding -> assertThat(finding.message()).contains("public.author", "by its options"));
        }
    }

    @Test
    void findsPartitionsThatLogLessThanTheirTableSays() {
        try (var database = TestDatabase.on(PostgresServers.shared())) {
            database.execute(
                    "CREATE TABLE visit (id int PRIMARY KEY, code int NOT NULL) PARTITION BY RANGE (id)",
                    "ALTER TABLE visit REPLICA IDENTITY FULL",
                    "CREATE TABLE visit_1 PARTITION OF visit FOR VALUES FROM (0) TO (100)",
                    "ALTER TABLE visit_1 REPLICA IDENTITY FULL",
                    "CREATE TABLE visit_2 PARTITION OF visit FOR VALUES FROM (100) TO (200)",
                    "CREATE TABLE visit_3 PARTITION OF visit FOR VALUES FROM (200) TO (300)",
                    "CREATE UNIQUE INDEX visit_3_code ON visit_3 (code)",
                    "ALTER TABLE visit_3 REPLICA IDENTITY USING INDEX visit_3_code",
                    "CREATE TABLE visit_4 PARTITION OF visit FOR VALUES FROM (300) TO (400)",
                    "CREATE UNIQUE INDEX visit_4_code ON visit_4 (code, id)",
                    "ALTER TABLE visit_4 REPLICA IDENTITY USING INDEX visit_4_code");

            assertThat(check(database.connections(), "visit"))
                    .extracting(Finding::subject, Finding::severity)
                    .containsExactly(
                            tuple("partition public.visit_2", Severity.WARNING),
                            tuple("partition public.visit_3", Severity.PROBLEM),
                            tuple("partition public.visit_4", Severity.WARNING));
        }
    }

    @Test
    void findsTheRightsThatARoleLacks() {
        try (var database = TestDatabase.on(PostgresServers.shared())) {
            String role = database.connections().settings().database() + "_reader";
            database.execute(
                    "CREATE TABLE author (id int PRIMARY KEY)", "CREATE ROLE " + role + " LOGIN PASSWORD 'reader'");
            PostgresSettings owner = database.connections().settings();
            PostgresConnections reader = PostgresConnections.to(
                    PostgresSettings.plain(owner.host(), owner.port(), owner.database(), role, "reader"), 1);

            List<Finding> findings = check(reader, "author");
            reader.close().block(PATIENCE);
            database.execute("DROP ROLE " + role);

            assertThat(findings)
                    .extracting(Finding::message)
                    .containsExactly(
                            "it may not replicate",
                            "it may not create the publication",
                            "role '" + role + "' may not read it",
                            "role '" + role + "' does not own it and so may not publish it");
        }
    }

    @Test
    void findsAServerThatIsNotSetUpAndTheRemediesMendIt() {
        try (var server = EmbeddedPostgres.builder()
                .setting("wal_level", "replica")
                .setting("max_replication_slots", "0")
                .setting("max_wal_senders", "0")
                .start()) {
            try (var database = TestDatabase.on(server)) {
                List<Finding> findings = check(database.connections());
                findings.forEach(finding -> database.execute(finding.remedy()));

                assertThat(findings)
                        .extracting(Finding::subject)
                        .containsExactly("wal_level", "max_replication_slots", "max_wal_senders");
            }
            server.restart();
            try (var database = TestDatabase.on(server)) {
                assertThat(check(database.connections())).isEmpty();
                findsAForgottenSlotAndTheRemedyGivesItsLogBack(database);
            }
        }
    }

    /** On a server of its own, because of the log. */
    private static void findsAForgottenSlotAndTheRemedyGivesItsLogBack(TestDatabase database) {
        database.execute("SELECT pg_create_logical_replication_slot('forgotten', 'pgoutput')");
        for (int segments = 0; segments < 18; segments++) {
            database.execute("SELECT pg_logical_emit_message(false, 'a', 'b')", "SELECT pg_switch_wal()");
        }

        Finding forgotten = slots(database).get(0);
        database.execute(forgotten.remedy());

        assertThat(forgotten.severity()).isEqualTo(Severity.WARNING);
        assertThat(forgotten.message()).contains("not in use").containsPattern("holds (2[7-9]|3)\\d+\\.\\d MB");
        assertThat(slots(database)).isEmpty();
    }

    private static List<Finding> slots(TestDatabase database) {
        return examine(database).stream()
                .filter(finding -> finding.subject().startsWith("slot "))
                .toList();
    }

    @Test
    void showsWhatPgsyncLeftBehindAndTheRemediesRemoveIt() {
        try (var database = TestDatabase.on(PostgresServers.shared())) {
            String slot = database.connections().settings().database() + "_book";
            database.execute(
                    "CREATE TABLE book (id int PRIMARY KEY)",
                    "CREATE FUNCTION table_notify() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                    "CREATE TRIGGER public_book_notify AFTER INSERT ON book FOR EACH ROW EXECUTE FUNCTION table_notify()",
                    "CREATE MATERIALIZED VIEW _view AS SELECT 'book' AS table_name, ARRAY['id'] AS primary_keys",
                    "SELECT pg_create_logical_replication_slot('" + slot + "', 'test_decoding')");

            List<Finding> leftovers = leftovers(database);
            leftovers.forEach(finding -> database.execute(finding.remedy()));

            assertThat(leftovers)
                    .extracting(finding -> finding.message().replaceAll(", to be .*", ""))
                    .containsExactly(
                            "trigger public_book_notify on book",
                            "function table_notify()",
                            "materialized view _view",
                            "slot " + slot);
            assertThat(leftovers(database)).isEmpty();
        }
    }

    @Test
    void warnsOfADatabaseThatTakesAnyBytes() {
        try (var database = TestDatabase.withoutEncoding(PostgresServers.shared())) {
            database.execute("CREATE TABLE author (id int PRIMARY KEY)");

            assertThat(check(database.connections(), "author")).singleElement().satisfies(finding -> {
                assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                assertThat(finding.message()).contains("SQL_ASCII", "not UTF-8");
            });
        }
    }

    @Test
    void warnsOfAnOldTransactionOnlyWhenItIsOld() {
        assertThat(new OldTransaction("process 7", 12, "SELECT pg_terminate_backend(7);").finding())
                .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.WARNING))
                .satisfies(finding -> assertThat(finding.remedy()).isEqualTo("SELECT pg_terminate_backend(7);"));
        try (var database = TestDatabase.on(PostgresServers.shared())) {
            assertThat(examine(database)).extracting(Finding::subject).doesNotContain("old transaction");
        }
    }

    @Test
    void aSlotThatNobodyReadsIsShownWithWhatItHolds() {
        long megabyte = 1 << 20;

        assertThat(new HeldSlot("old", false, "reserved", 300 * megabyte).finding("ours"))
                .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.WARNING))
                .satisfies(finding -> assertThat(finding.message()).contains("300.0 MB"))
                .satisfies(finding -> assertThat(finding.remedy()).contains("pg_drop_replication_slot('old')"));
        assertThat(new HeldSlot("ours", true, "extended", 300 * megabyte)
                        .finding("ours")
                        .isFine())
                .isTrue();
        assertThat(new HeldSlot("ours", false, "lost", 0).finding("ours").severity())
                .isEqualTo(Severity.PROBLEM);
    }

    @Test
    void aServiceIsKnownByItsRolesAndHasItsOwnSwitch() {
        assertThat(Provider.of(List.of("rds_superuser", "rdsadmin"))).isEqualTo(Provider.AMAZON_RDS);
        assertThat(Provider.of(List.of("rds_superuser"))).isEqualTo(Provider.ALIBABA_CLOUD_RDS);
        assertThat(Provider.of(List.of("cloudsqlsuperuser")).logicalDecoding()).contains("cloudsql.logical_decoding");
        assertThat(Provider.of(List.of("azure_pg_admin")).replicationRight("\"me\""))
                .contains("\"me\"");
        assertThat(Provider.of(List.of())).isEqualTo(Provider.OWN);
    }

    private static List<Finding> leftovers(TestDatabase database) {
        return examine(database).stream()
                .filter(finding -> finding.subject().equals("left by PGSync"))
                .toList();
    }

    private static List<Finding> examine(TestDatabase database) {
        return new Preflight(database.connections())
                .examine(SETTINGS, List.of(), Set.of())
                .block(PATIENCE);
    }

    private static List<Finding> check(PostgresConnections connections, String... tables) {
        return new Preflight(connections)
                .check(
                        SETTINGS,
                        Stream.of(tables)
                                .map(table -> new WantedTable(new TableName("public", table), Set.of("id")))
                                .toList(),
                        Set.of())
                .block(PATIENCE);
    }
}
