package io.pgsync.replication.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgsync.core.change.TableName;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.HeldTable;
import io.pgsync.replication.TestDatabase;
import io.pgsync.replication.connection.PostgresConnections;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.api.PostgresqlException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class PublicationsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PUBLICATION = "pgsync_test";
    private static final TableName AUTHOR = new TableName("public", "author");
    private static final TableName BOOK = new TableName("public", "Book\"shelf");
    private static final TableName SALE = new TableName("public", "sale");

    private TestDatabase database;
    private PostgresConnections connections;
    private Publications publications;

    @BeforeEach
    void createTables() {
        database = TestDatabase.on(PostgresServers.shared());
        connections = database.connections();
        publications = new Publications(connections);
        database.execute(
                "CREATE TABLE author (id int PRIMARY KEY)",
                "CREATE TABLE \"Book\"\"shelf\" (id int PRIMARY KEY)",
                "CREATE TABLE sale (id int PRIMARY KEY) PARTITION BY RANGE (id)");
    }

    @AfterEach
    void dropTables() {
        database.close();
    }

    @Test
    void publishesJustTheTablesAskedFor() {
        assertThat(ensure(AUTHOR, SALE)).containsExactlyInAnyOrder(AUTHOR, SALE);
        assertThat(ensure(AUTHOR, SALE)).isEmpty();
        assertThat(ensure(BOOK, SALE)).containsExactly(BOOK);

        assertThat(publications.look(PUBLICATION).block(PATIENCE).listed()).containsExactlyInAnyOrder(BOOK, SALE);
        assertThat(database.ask("SELECT pubviaroot AND pubtruncate FROM pg_publication"))
                .isEqualTo("true");
    }

    @Test
    void correctsThePublicationsOptions() {
        database.execute("CREATE PUBLICATION " + PUBLICATION + " FOR TABLE author WITH (publish = 'insert')");

        assertThat(ensure(AUTHOR)).as("its updates were not published").containsExactly(AUTHOR);

        assertThat(database.ask("SELECT pubviaroot AND pubinsert AND pubupdate AND pubdelete FROM pg_publication"))
                .isEqualTo("true");
    }

    @Test
    void publishesAllRowsOfATableThatHadARowFilter() {
        assumeTrue(Integer.parseInt(database.ask("SELECT current_setting('server_version_num')")) >= 150_000);
        ensure(AUTHOR, SALE);
        database.execute(
                "ALTER PUBLICATION " + PUBLICATION + " DROP TABLE author",
                "ALTER PUBLICATION " + PUBLICATION + " ADD TABLE author WHERE (id > 10)");

        Map<TableName, String> unpublished =
                publications.look(PUBLICATION).block(PATIENCE).unpublished(List.of(AUTHOR, SALE));

        assertThat(unpublished).containsOnlyKeys(AUTHOR).hasValueSatisfying(containing("row filter"));
        assertThat(ensure(AUTHOR, SALE)).containsExactly(AUTHOR);
        assertThat(ensure(AUTHOR, SALE)).isEmpty();
    }

    private static Condition<String> containing(String words) {
        return new Condition<>(text -> text.contains(words), words);
    }

    @Test
    void aPartitionBesideItsRootIsNotPublishedUnderItsOwnName() {
        var part = new TableName("public", "sale_1");
        database.execute("CREATE TABLE sale_1 PARTITION OF sale FOR VALUES FROM (0) TO (10)");
        ensure(SALE, part);

        assertThat(publications.look(PUBLICATION).block(PATIENCE).unpublished(List.of(SALE, part)))
                .containsOnlyKeys(part);
    }

    @Test
    void publishesNothingWhereTheServerWouldThenRefuseWrites() {
        database.execute("CREATE TABLE rev (id int PRIMARY KEY DEFERRABLE)", "INSERT INTO rev VALUES (1)");
        var rev = new TableName("public", "rev");

        StepVerifier.create(publications.ensure(PUBLICATION, List.of(AUTHOR, rev)))
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .hasMessageContainingAll("public.rev", "DEFERRABLE", "REPLICA IDENTITY FULL"))
                .verify(PATIENCE);

        assertThat(database.ask("SELECT count(*) FROM pg_publication")).isEqualTo("0");
        database.execute("UPDATE rev SET id = 2");
    }

    @Test
    void theCommentTellsWhomAPublicationServesAndKeepsWhatOthersWrote() {
        database.execute("CREATE PUBLICATION " + PUBLICATION, "COMMENT ON PUBLICATION " + PUBLICATION + " IS 'Ann''s'");
        String here = connections.settings().database();
        var first = new PublicationMark(here, "s", Set.of("books", "authors"));
        var second = new PublicationMark(here, "s", Set.of("books"));

        for (var mark : List.of(first, second)) {
            Publication now = publications.look(PUBLICATION).block(PATIENCE);
            publications.apply(now, Set.of(AUTHOR), Set.of(), Optional.of(mark)).block(PATIENCE);
            assertThat(publications.marks().block(PATIENCE)).containsExactly(Map.entry(PUBLICATION, mark));
        }

        assertThat(database.ask("SELECT obj_description(oid, 'pg_publication') FROM pg_publication"))
                .isEqualTo("Ann's [pgsync: slot s of database " + here + " serves books]");
    }

    /** The longest that a lock is waited for is less than anybody holds one here. */
    @Test
    void aTableThatSomebodyHoldsIsNamedAndNobodyWaitsBehindUsMeanwhile() {
        database.execute("INSERT INTO author VALUES (1)");
        ensure(AUTHOR);

        HeldTable.during(database, "LOCK TABLE sale IN SHARE MODE", () -> {
            CompletableFuture<Set<TableName>> altered =
                    publications.ensure(PUBLICATION, List.of(AUTHOR, SALE)).toFuture();

            StepVerifier.create(connections.execute("ALTER TABLE author ADD name text; UPDATE author SET name = 'x'"))
                    .expectComplete()
                    .verify(PATIENCE);
            assertThat(altered)
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .havingRootCause()
                    .isInstanceOf(PostgresqlException.class);
            assertThat(altered.handle((done, failure) -> failure.getMessage()).join())
                    .contains("\"public.sale\" is locked by process", "(\"migration\")", "Try again");
        });

        assertThat(publications.look(PUBLICATION).block(PATIENCE).listed()).containsExactly(AUTHOR);
    }

    @Test
    void aTableThatComesFreeIsPublishedByALaterTry() {
        CompletableFuture<Set<TableName>> made = HeldTable.during(database, "LOCK TABLE sale IN SHARE MODE", () -> {
            CompletableFuture<Set<TableName>> under =
                    publications.ensure(PUBLICATION, List.of(AUTHOR, SALE)).toFuture();
            await().atMost(PATIENCE)
                    .until(() -> database.ask(
                                    "SELECT count(*) FROM pg_locks WHERE relation = 'sale'::regclass AND NOT granted")
                            .equals("1"));
            await().atMost(PATIENCE)
                    .until(() -> database.ask(
                                    "SELECT count(*) FROM pg_locks WHERE relation = 'sale'::regclass AND NOT granted")
                            .equals("0"));
            return under;
        });

        assertThat(made).succeedsWithin(PATIENCE).isEqualTo(Set.of(AUTHOR, SALE));
    }

    @Test
    void dropsAPublication() {
        ensure(AUTHOR);

        publications.drop(PUBLICATION).block(PATIENCE);
        publications.drop(PUBLICATION).block(PATIENCE);

        assertThat(database.ask("SELECT count(*) FROM pg_publication")).isEqualTo("0");
    }

    @Test
    void waitsForWritersThatAreOlderThanATablesPublication() {
        ensure(AUTHOR);
        PostgresqlConnection writer = connections.dedicated().block(PATIENCE);
        writer.createStatement("BEGIN; INSERT INTO author VALUES (7)")
                .execute()
                .flatMap(result -> result.getRowsUpdated())
                .blockLast(PATIENCE);

        CompletableFuture<Set<TableName>> added =
                publications.ensure(PUBLICATION, List.of(AUTHOR, SALE)).toFuture();
        await().atMost(PATIENCE)
                .until(() ->
                        database.ask("SELECT count(*) FROM pg_publication_rel").equals("2"));
        assertThat(added).isNotDone();
        writer.close().block(PATIENCE);

        assertThat(added).succeedsWithin(PATIENCE).isEqualTo(Set.of(SALE));
    }

    @Test
    void aCopyOfADatabaseIsNotTakenForTheDatabase() {
        ensure(AUTHOR);
        var elsewhere = new PublicationMark("elsewhere", "s", Set.of("books"));
        publications
                .apply(publications.look(PUBLICATION).block(PATIENCE), Set.of(AUTHOR), Set.of(), Optional.of(elsewhere))
                .block(PATIENCE);

        assertThat(publications.marks().block(PATIENCE)).isEmpty();
    }

    private Set<TableName> ensure(TableName... tables) {
        return publications.ensure(PUBLICATION, List.of(tables)).block(PATIENCE);
    }
}
