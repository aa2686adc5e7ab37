package io.pgsync.replication.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.SyncException;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What the preflight says of a role that owns no table. */
class RightsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void everyRightThatARoleLacksIsNamed() {
        try (var database = FaultyDatabase.with("CREATE TABLE author (id int PRIMARY KEY)");
                var reader = new Reader(database, "")) {
            assertThat(reader.check("id"))
                    .extracting(Finding::message)
                    .containsExactly(
                            "it may not replicate",
                            "it may not create the publication",
                            "role '" + reader.role + "' may not read it",
                            "role '" + reader.role + "' does not own it and so may not publish it");
        }
    }

    /** What is asked for is neither more nor less than what the queries need. */
    @Test
    void rightsOnTheColumnsThatAreReadAreEnoughAndTheRemedyGivesThem() {
        try (var database = FaultyDatabase.with("CREATE TABLE author (id int PRIMARY KEY, name text, secret text)");
                var reader = new Reader(database, "REPLICATION")) {
            reader.mayPublish();
            reader.mayRead("(id)");

            List<Finding> lacking = reader.check("id", "name");
            database.mend(lacking);

            assertThat(lacking)
                    .extracting(Finding::message)
                    .containsExactly("role '" + reader.role + "' may not read its columns \"name\"");
            assertThat(reader.check("id", "name")).isEmpty();
        }
    }

    @Test
    void rowLevelSecurityIsAProblemAndAnErrorRatherThanAFilter() {
        try (var database = FaultyDatabase.with(
                        "CREATE TABLE author (id int PRIMARY KEY, tenant text)",
                        "INSERT INTO author VALUES (1, 'x'), (2, 'y')",
                        "ALTER TABLE author ENABLE ROW LEVEL SECURITY",
                        "CREATE POLICY one ON author USING (tenant = 'x')");
                var reader = new Reader(database, "REPLICATION")) {
            reader.mayPublish();
            reader.mayRead("");

            List<Finding> findings = reader.check("id");
            assertThatThrownBy(() -> reader.rows().block(PATIENCE))
                    .isInstanceOf(SyncException.class)
                    .hasMessageContaining("row-level security");
            database.mend(findings);

            assertThat(findings)
                    .extracting(Finding::message)
                    .singleElement()
                    .asString()
                    .contains("row-level security");
            assertThat(reader.check("id")).isEmpty();
            assertThat(reader.rows().block(PATIENCE)).isEqualTo(2);
        }
    }

    /** A role that is to read the table "author". */
    private static final class Reader implements AutoCloseable {
        private final FaultyDatabase database;
        private final String role;
        private final PostgresConnections connections;

        Reader(FaultyDatabase database, String attributes) {
            this.database = database;
            role = database.name() + "_reader";
            database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'reader' " + attributes);
            PostgresSettings owner = database.connections().settings();
            connections = PostgresConnections.to(
                    PostgresSettings.plain(owner.host(), owner.port(), owner.database(), role, "reader"), 1);
        }

        void mayPublish() {
            database.execute(
                    "GRANT CREATE ON DATABASE " + database.name() + " TO " + role,
                    "CREATE PUBLICATION preflight FOR TABLE author",
                    "ALTER PUBLICATION preflight OWNER TO " + role);
        }

        /** @param columns in parentheses, or empty for all */
        void mayRead(String columns) {
            database.execute("GRANT SELECT " + columns + " ON author TO " + role);
        }

        List<Finding> check(String... columns) {
            return database.check(connections, List.of(FaultyDatabase.wanted("author", columns)), Set.of());
        }

        Mono<Long> rows() {
            return connections
                    .query("SELECT count(*) FROM author", row -> row.get(0, Long.class))
                    .single();
        }

        @Override
        public void close() {
            connections.close().block(PATIENCE);
            database.execute("DROP OWNED BY " + role + " CASCADE", "DROP ROLE " + role);
        }
    }
}
