package io.pgsync.replication.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.embedded.postgres.EmbeddedPostgres;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.TestDatabase;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreflightIT {
    /** Name, the statements that make the fault, the tables of a schema file, and what is found. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', emptyValue = "", textBlock = """
            a table with a key | CREATE TABLE t (id int PRIMARY KEY) | t | ''
            an unlogged table | CREATE UNLOGGED TABLE t (id int PRIMARY KEY) | t | table public.t PROBLEM
            a view | CREATE VIEW t AS SELECT 1 AS id | t | table public.t PROBLEM
            no table | SELECT 1 | t | table public.t PROBLEM
            a table without a key | CREATE TABLE t (id int) | t | table public.t PROBLEM
            an index for a key | CREATE TABLE t (id int NOT NULL UNIQUE); \
                ALTER TABLE t REPLICA IDENTITY USING INDEX t_id_key | t | ''
            the whole row for a key | CREATE TABLE t (id int); ALTER TABLE t REPLICA IDENTITY FULL | t | ''
            no key for partitions to come | CREATE TABLE t (id int) PARTITION BY RANGE (id) | t | table public.t WARNING
            a partition | CREATE TABLE t (id int PRIMARY KEY) PARTITION BY RANGE (id); \
                CREATE TABLE p PARTITION OF t FOR VALUES FROM (0) TO (10) | p | ''
            a partition beside its root | CREATE TABLE t (id int PRIMARY KEY) PARTITION BY RANGE (id); \
                CREATE TABLE p PARTITION OF t FOR VALUES FROM (0) TO (10) | t, p | table public.p PROBLEM
            """)
    void aFaultOfATableIsFound(String name, String faults, String tables, String found) {
        try (var database = FaultyDatabase.with(faults.split("; +"))) {
            assertThat(database.check(tables.split(", ")))
                    .extracting(finding -> finding.subject() + " " + finding.severity())
                    .containsExactly(found.isEmpty() ? new String[0] : found.split(", "));
        }
    }

    @Test
    void theFaultsOfAllTablesAreFoundTogether() {
        try (var database = FaultyDatabase.with(
                "CREATE UNLOGGED TABLE draft (id int PRIMARY KEY)",
                "CREATE TABLE keyless (id int)",
                "CREATE TABLE indexed (id int NOT NULL UNIQUE)",
                "ALTER TABLE indexed REPLICA IDENTITY USING INDEX indexed_id_key",
                "CREATE TABLE whole (id int)",
                "ALTER TABLE whole REPLICA IDENTITY FULL",
                "CREATE VIEW shown AS SELECT 1 AS id")) {
            assertThat(database.check("draft", "keyless", "indexed", "whole", "shown", "missing"))
                    .extracting(Finding::subject, Finding::severity)
                    .containsExactly(
                            tuple("table public.draft", Severity.PROBLEM),
                            tuple("table public.shown", Severity.PROBLEM),
                            tuple("table public.missing", Severity.PROBLEM),
                            tuple("table public.keyless", Severity.PROBLEM));
        }
    }

    @Test
    void partitionsThatLogLessThanTheirTableSaysAreFound() {
        try (var database = FaultyDatabase.with(
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
                "ALTER TABLE visit_4 REPLICA IDENTITY USING INDEX visit_4_code")) {
            assertThat(database.check("visit"))
                    .extracting(Finding::subject, Finding::severity)
                    .containsExactly(
                            tuple("partition public.visit_2", Severity.WARNING),
                            tuple("partition public.visit_3", Severity.PROBLEM),
                            tuple("partition public.visit_4", Severity.WARNING));
        }
    }

    @Test
    void aTableWithoutIdentityThatIsNamedForInsertsIsFine() {
        try (var database = FaultyDatabase.with("CREATE TABLE keyless (id int)")) {
            assertThat(database.check(
                            database.connections(),
                            List.of(FaultyDatabase.wanted("keyless", "id")),
                            Set.of(new TableName("public", "keyless"))))
                    .isEmpty();
        }
    }

    @Test
    void warnsOfADatabaseThatTakesAnyBytes() {
        try (var database = new FaultyDatabase(
                TestDatabase.withoutEncoding(PostgresServers.shared()), "CREATE TABLE author (id int PRIMARY KEY)")) {
            assertThat(database.check("author")).singleElement().satisfies(finding -> {
                assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                assertThat(finding.message()).contains("SQL_ASCII", "not UTF-8");
            });
        }
    }

    @Test
    void doctorNamesWhatAPublicationLeavesOut() {
        try (var database = FaultyDatabase.with(
                "CREATE TABLE author (id int PRIMARY KEY)",
                "CREATE PUBLICATION preflight FOR TABLE author WITH (publish = 'insert', publish_via_partition_root = true)")) {
            assertThat(database.examine("publication preflight", "author"))
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.PROBLEM))
                    .satisfies(finding -> assertThat(finding.message()).contains("public.author", "by its options"));
        }
    }

    @Test
    void doctorShowsWhatPgsyncLeftBehindAndTheRemediesRemoveIt() {
        try (var database = FaultyDatabase.with(
                "CREATE TABLE book (id int PRIMARY KEY)",
                "CREATE FUNCTION table_notify() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                "CREATE TRIGGER public_book_notify AFTER INSERT ON book FOR EACH ROW EXECUTE FUNCTION table_notify()",
                "CREATE MATERIALIZED VIEW _view AS SELECT 'book' AS table_name, ARRAY['id'] AS primary_keys",
                "SELECT pg_create_logical_replication_slot(current_database() || '_book', 'test_decoding')")) {
            List<Finding> leftovers = database.examine("left by PGSync");
            database.mend(leftovers);

            assertThat(leftovers)
                    .extracting(finding -> finding.message().replaceAll(", to be .*", ""))
                    .containsExactly(
                            "trigger public_book_notify on book",
                            "function table_notify()",
                            "materialized view _view",
                            "slot " + database.name() + "_book");
            assertThat(database.examine("left by PGSync")).isEmpty();
        }
    }

    @Test
    void doctorSaysNothingOfTransactionsThatAreNotOld() {
        try (var database = FaultyDatabase.with()) {
            assertThat(database.examine("old transaction")).isEmpty();
        }
    }

    @Test
    void findsAServerThatIsNotSetUpAndTheRemediesMendIt() {
        try (var server = EmbeddedPostgres.builder()
                .setting("wal_level", "replica")
                .setting("max_replication_slots", "0")
                .setting("max_wal_senders", "0")
                .start()) {
            try (var database = new FaultyDatabase(TestDatabase.on(server))) {
                List<Finding> findings = database.check();
                database.mend(findings);

                assertThat(findings)
                        .extracting(Finding::subject)
                        .containsExactly("wal_level", "max_replication_slots", "max_wal_senders");
            }
            server.restart();
            try (var database = new FaultyDatabase(TestDatabase.on(server))) {
                assertThat(database.check()).isEmpty();
            }
        }
    }

    /** On a server of its own, because of the log. */
    @Test
    void doctorFindsAForgottenSlotAndTheRemedyGivesItsLogBack() {
        try (var server = EmbeddedPostgres.builder().start();
                var database = new FaultyDatabase(
                        TestDatabase.on(server),
                        "SELECT pg_create_logical_replication_slot('forgotten', 'pgoutput')")) {
            for (int segments = 0; segments < 18; segments++) {
                database.execute("SELECT pg_logical_emit_message(false, 'a', 'b')", "SELECT pg_switch_wal()");
            }

            List<Finding> forgotten = database.examine("slot ");
            database.mend(forgotten);

            assertThat(forgotten).singleElement().satisfies(finding -> {
                assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                assertThat(finding.message()).contains("not in use").containsPattern("holds (2[7-9]|3)\\d+\\.\\d MB");
            });
            assertThat(database.examine("slot ")).isEmpty();
        }
    }
}
