package io.pgsync.replication.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RootRowsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void everyWriteOfARowChangesItsMarkAndNothingElseDoes() {
        String pairs = """
                CREATE TABLE p (zone int, area text, n int, PRIMARY KEY (zone, area)) PARTITION BY LIST (zone);
                CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
                CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
                INSERT INTO p VALUES (1, 'a|b', 1), (2, 'c', 1), (2, 'd', 0);
                """;
        try (var fixture = QueryFixture.of(pairs, "{'table': 'p', 'where': 'n > 0'}")) {
            Map<String, String> first =
                    marks(fixture, "a|b,1", "c,2", "d,2", "e,3").orElseThrow();
            assertThat(first).containsOnlyKeys("a\\|b|1", "c|2");
            assertThat(marks(fixture, "a|b,1", "c,2")).contains(first);

            fixture.database().execute("UPDATE p SET n = n WHERE area = 'c'");
            Map<String, String> updated = marks(fixture, "a|b,1", "c,2").orElseThrow();
            assertThat(updated.get("c|2")).isNotEqualTo(first.get("c|2"));
            assertThat(updated).containsEntry("a\\|b|1", first.get("a\\|b|1"));

            fixture.database().execute("DELETE FROM p WHERE area = 'c'; INSERT INTO p VALUES (2, 'c', 1)");
            assertThat(marks(fixture, "c,2").orElseThrow().get("c|2")).isNotEqualTo(updated.get("c|2"));
        }
    }

    @Test
    void rowsOfViewsAreThereAndHaveNoMark() {
        String view = """
                CREATE TABLE base (id int PRIMARY KEY);
                INSERT INTO base VALUES (1);
                CREATE VIEW seen AS SELECT * FROM base;
                """;
        try (var fixture = QueryFixture.of(view, "{'table': 'seen', 'primary_key': ['id']}")) {
            assertThat(marks(fixture, "1", "2")).contains(Map.of("1", ""));
        }
    }

    @Test
    void whereTheServerFailsOnARowNothingIsKnown() {
        String failing = """
                CREATE TABLE t (id int PRIMARY KEY, n int);
                INSERT INTO t VALUES (1, 1), (2, 0);
                """;
        try (var fixture = QueryFixture.of(failing, "{'table': 't', 'where': '1 / n = 1'}")) {
            assertThat(marks(fixture, "1"))
                    .hasValueSatisfying(found -> assertThat(found).containsOnlyKeys("1"));
            assertThat(marks(fixture, "1", "2")).isEmpty();
        }
    }

    @Test
    void aRoleThatMayReadTheKeyAloneSeesThatRowsAreThere() {
        try (var fixture = QueryFixture.of(
                "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 1)",
                "{'table': 't', 'columns': ['id']}")) {
            PostgresSettings owner = fixture.database().connections().settings();
            String role = owner.database() + "_reader";
            fixture.database()
                    .execute("CREATE ROLE " + role + " LOGIN PASSWORD 'reader'", "GRANT SELECT (id) ON t TO " + role);
            PostgresConnections reader = PostgresConnections.to(
                    PostgresSettings.plain(owner.host(), owner.port(), owner.database(), role, "reader"), 1);

            Optional<Map<String, String>> found = new RootRows(reader, fixture.tree())
                    .marks(QueryFixture.rows("1", "2"))
                    .block(PATIENCE);
            reader.close().block(PATIENCE);
            fixture.database().execute("DROP OWNED BY " + role, "DROP ROLE " + role);

            assertThat(found).contains(Map.of("1", ""));
        }
    }

    private static Optional<Map<String, String>> marks(QueryFixture fixture, String... keys) {
        return new RootRows(fixture.database().connections(), fixture.tree())
                .marks(QueryFixture.rows(keys))
                .block(PATIENCE);
    }
}
