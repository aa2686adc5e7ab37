package io.pgsync.replication.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.embedded.postgres.EmbeddedPostgres;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.TestDatabase;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresSettings;
import io.pgsync.replication.preflight.Preflight;
import io.pgsync.replication.preflight.WantedTable;
import io.pgsync.replication.stream.StreamSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Publications that an administrator made under the name that is used: used as they are, or refused, and never touched. */
class PublicationOfOthersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String WHOLE = " WITH (publish_via_partition_root = true)";
    private static final TableName AUTHOR = new TableName("public", "author");
    private static final TableName BOOK = new TableName("public", "book");
    private static final TableName SALE = new TableName("public", "sale");
    private static final TableName PART = new TableName("public", "sale_1");

    private TestDatabase database;
    private PostgresConnections role;
    private String name;

    @BeforeEach
    void createTablesAndARole() {
        database = TestDatabase.on(PostgresServers.shared());
        PostgresSettings owner = database.connections().settings();
        name = owner.database() + "_guest";
        database.execute(
                "CREATE TABLE author (id int PRIMARY KEY)",
                "CREATE TABLE book (id int PRIMARY KEY)",
                "CREATE TABLE sale (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE sale_1 PARTITION OF sale FOR VALUES FROM (0) TO (10)",
                "CREATE ROLE " + name + " LOGIN REPLICATION PASSWORD 'guest'",
                "GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + name);
        role = PostgresConnections.to(
                PostgresSettings.plain(owner.host(), owner.port(), owner.database(), name, "guest"), 2);
    }

    @AfterEach
    void dropTheRole() {
        role.close().block(PATIENCE);
        database.execute("DROP OWNED BY " + name, "DROP ROLE " + name);
        database.close();
    }

    @Test
    void oneOfAnotherRoleIsUsedAsItIsAlthoughItCannotBeMarked() {
        database.execute("CREATE PUBLICATION made FOR TABLE author, book" + WHOLE);

        apply(role, AUTHOR);

        assertThat(comment()).isEqualTo("null");
        assertThat(look(role).listed()).containsExactlyInAnyOrder(AUTHOR, BOOK);
        assertThat(problems(role, AUTHOR)).isEmpty();
    }

    @Test
    void oneOfAnotherRoleThatLacksChangesIsRefusedWithTheWaysOut() {
        database.execute("CREATE PUBLICATION made FOR TABLE author" + WHOLE);

        assertThatThrownBy(() -> apply(role, AUTHOR, BOOK))
                .isInstanceOfSatisfying(
                        SyncException.class,
                        failure -> assertThat(failure.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContainingAll(
                        "publication made",
                        "belongs to another role",
                        "public.book",
                        "ALTER PUBLICATION \"made\" OWNER TO \"" + name + "\"",
                        "ALTER PUBLICATION \"made\" ADD TABLE \"public\".\"book\"",
                        "another publication name");
        assertThat(problems(role, AUTHOR, BOOK))
                .singleElement()
                .satisfies(finding -> assertThat(finding.remedy()).contains("OWNER TO"));
        assertThat(look(role).listed()).containsExactly(AUTHOR);
    }

    /** A role that could alter it: the one that has all rights. */
    @Test
    void oneForAllTablesIsUsedAsItIs() {
        database.execute("CREATE PUBLICATION made FOR ALL TABLES" + WHOLE);

        apply(database.connections(), AUTHOR, SALE);

        assertThat(comment()).isEqualTo("null");
        assertThat(look(database.connections()).isKeptByUs()).isFalse();
        assertThat(problems(role, AUTHOR, SALE)).isEmpty();
    }

    @Test
    void oneForAllTablesThatLeavesChangesOutIsRefusedAndStaysAsItIs() {
        database.execute("CREATE PUBLICATION made FOR ALL TABLES WITH (publish = 'insert')");

        assertThatThrownBy(() -> apply(database.connections(), AUTHOR, SALE))
                .isInstanceOf(SyncException.class)
                .hasMessageContainingAll(
                        "is for all tables",
                        "by its options",
                        "ALTER PUBLICATION \"made\" SET (publish = 'insert, update, delete, truncate'",
                        "another publication name");
        assertThat(database.ask("SELECT pubupdate OR pubviaroot FROM pg_publication"))
                .isEqualTo("false");
    }

    @Test
    void aPartitionOfATableIsNotInOneForAllTablesUnderItsOwnName() {
        database.execute("CREATE PUBLICATION made FOR ALL TABLES" + WHOLE);

        assertThatThrownBy(() -> apply(database.connections(), PART))
                .hasMessageContainingAll("public.sale_1", "as a part of another table", "another publication name");
    }

    @Test
    void oneForTheTablesOfASchemaIsUsedAsItIs() {
        assumeTrue(Integer.parseInt(database.ask("SELECT current_setting('server_version_num')")) >= 150_000);
        database.execute("CREATE PUBLICATION made FOR TABLES IN SCHEMA public" + WHOLE);
        database.execute("CREATE SCHEMA other", "CREATE TABLE other.page (id int PRIMARY KEY)");

        apply(database.connections(), AUTHOR, SALE);
        assertThatThrownBy(() -> apply(database.connections(), AUTHOR, new TableName("other", "page")))
                .hasMessageContainingAll("or for all of a schema", "other.page", "of another schema");

        assertThat(comment()).isEqualTo("null");
        assertThat(database.ask("SELECT count(*) FROM pg_publication_rel")).isEqualTo("0");
    }

    /** Without pg_publication_namespace. */
    @Test
    void theOldestServerTellsItToo() {
        try (var server = EmbeddedPostgres.builder().majorVersion(14).start();
                var old = TestDatabase.on(server)) {
            old.execute(
                    "CREATE TABLE author (id int PRIMARY KEY)",
                    "CREATE PUBLICATION made FOR ALL TABLES" + WHOLE,
                    "CREATE PUBLICATION ours FOR TABLE author" + WHOLE);

            assertThat(look(old.connections()).isKeptByUs()).isFalse();
            assertThat(new Publications(old.connections())
                            .look("ours")
                            .block(PATIENCE)
                            .isKeptByUs())
                    .isTrue();
        }
    }

    private static Publication look(PostgresConnections connections) {
        return new Publications(connections).look("made").block(PATIENCE);
    }

    private static void apply(PostgresConnections connections, TableName... tables) {
        var mark = new PublicationMark(connections.settings().database(), "s", Set.of("books"));
        new Publications(connections)
                .apply(look(connections), new TreeSet<>(List.of(tables)), Set.of(), Optional.of(mark))
                .block(PATIENCE);
    }

    private String comment() {
        return database.ask("SELECT obj_description(oid, 'pg_publication') FROM pg_publication");
    }

    private static List<Finding> problems(PostgresConnections connections, TableName... tables) {
        return new Preflight(connections)
                        .check(
                                new StreamSettings("made", "made"),
                                Stream.of(tables)
                                        .map(table -> new WantedTable(table, Set.of("id")))
                                        .toList(),
                                Set.of())
                        .block(PATIENCE)
                        .stream()
                        .filter(finding -> finding.severity() == Severity.PROBLEM)
                        .toList();
    }
}
