package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.failure.SyncException;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** What bootstrap does to a database that others write to: no statement of theirs fails, and a failure leaves nothing behind. */
class SourceSafetyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String REV = "{\"table\": \"rev\", \"columns\": [\"id\", \"n\"]}";
    private static final String REV_WITHOUT_KEY =
            "{\"table\": \"rev\", \"primary_key\": [\"id\"], \"columns\": [\"id\", \"n\"]}";
    private static final String ROWS = "; INSERT INTO rev VALUES (1, 0), (2, 0)";

    @TempDir
    private Path directory;

    private Shop shop;

    @BeforeEach
    void openTheShop() throws Exception {
        shop = Shop.open(directory);
    }

    @AfterEach
    void closeTheShop() throws Exception {
        shop.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE rev (id int PRIMARY KEY DEFERRABLE, n int)",
                "CREATE TABLE rev (id int, n int)",
                "CREATE TABLE rev (id int PRIMARY KEY, n int) PARTITION BY RANGE (id);"
                        + " CREATE TABLE rev_1 PARTITION OF rev FOR VALUES FROM (0) TO (10);"
                        + " ALTER TABLE rev_1 REPLICA IDENTITY NOTHING"
            })
    void isRefusedWhereOthersWritesWouldFail(String table) throws Exception {
        shop.execute(table + ROWS);
        shop.addDocument(table.contains("PRIMARY KEY") ? REV : REV_WITHOUT_KEY);
        Commands sync = shop.sync(Map.of());

        try (var writer = new WriterOfATable(shop, "rev")) {
            assertThatThrownBy(sync::bootstrap)
                    .isInstanceOf(SyncException.class)
                    .hasMessageContainingAll("table public.rev", "refuses UPDATE and DELETE", "REPLICA IDENTITY");
            writer.goesOn();
        }

        nothingIsLeft();
    }

    /** A slot is made when the transactions that run have ended: the tables are published for all of that time. */
    @Test
    void anIdentityThatIsAskedForIsThereBeforeTheTableIsPublished() throws Exception {
        shop.execute("CREATE TABLE rev (id int, n int); CREATE TABLE other (id int)" + ROWS);
        shop.addDocument(REV_WITHOUT_KEY);
        Commands sync = shop.sync(Map.of());

        try (var writer = new WriterOfATable(shop, "rev");
                Connection other = openTransaction("INSERT INTO other VALUES (1)")) {
            var bootstrap =
                    CompletableFuture.supplyAsync(() -> sync.bootstrap(ReplicaIdentityMode.FULL), OwnThread.EACH);
            awaitPublication();
            writer.goesOn();
            assertThat(bootstrap).isNotDone();
            other.rollback();
            assertThat(bootstrap.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
        }
        sync.catchUp(Mono.never());

        assertThat(shop.differences()).isEmpty();
    }

    @Test
    void aTableThatOnlyTakesInsertsMayBeNamed() throws Exception {
        shop.execute("CREATE TABLE rev (id int, n int)" + ROWS);
        shop.addDocument(REV_WITHOUT_KEY);
        Commands sync = shop.sync(Map.of("PGSYNC_INSERT_ONLY", "public.rev"));

        assertThat(sync.bootstrap()).isEqualTo(ExitCode.OK);
        sync.catchUp(Mono.never());
        shop.execute("INSERT INTO rev VALUES (3, 0)");
        sync.catchUp(Mono.never());

        assertThat(shop.differences()).isEmpty();
    }

    /** A table of another's publication with a column list, in which a whole row would be more than is published. */
    @Test
    void anIdentityThatAnotherPublicationDoesNotCoverIsLeft() throws Exception {
        assumeTrue(Integer.parseInt(shop.ask("SHOW server_version_num")) >= 150_000, "column lists");
        shop.execute("CREATE TABLE rev (id int PRIMARY KEY, n int)" + ROWS
                + "; CREATE PUBLICATION theirs FOR TABLE rev (id)");
        shop.addDocument(REV);

        try (var writer = new WriterOfATable(shop, "rev")) {
            shop.sync(Map.of()).bootstrap(ReplicaIdentityMode.FULL);
            writer.goesOn();
        }

        assertThat(shop.ask("SELECT relreplident FROM pg_class WHERE relname = 'rev'"))
                .isEqualTo("d");
    }

    @Test
    void whatTheEngineRefusesIsKnownBeforeAnythingIsMadeInTheDatabase() throws Exception {
        ((ObjectNode) shop.schema().get(0))
                .putObject("mapping")
                .putObject("title")
                .put("type", "no_such_type");

        assertThatThrownBy(shop.sync(Map.of())::bootstrap).hasMessageContaining("no_such_type");

        nothingIsLeft();
    }

    @Test
    void aSlotThatCannotBeMadeTakesThePublicationWithIt() throws Exception {
        shop.execute("CREATE TABLE other (id int)");
        Commands sync = shop.sync(Map.of());
        try (Connection other = openTransaction("INSERT INTO other VALUES (1)")) {
            var bootstrap = CompletableFuture.supplyAsync(sync::bootstrap, OwnThread.EACH);
            awaitPublication();
            await().atMost(PATIENCE)
                    .until(() -> !shop.list("SELECT pid FROM pg_replication_slots s JOIN pg_stat_activity a"
                                    + " ON a.pid = s.active_pid WHERE s.database = current_database()")
                            .isEmpty());

            shop.execute("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots"
                    + " WHERE database = current_database()");

            assertThatThrownBy(() -> bootstrap.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class);
            other.rollback();
        }

        nothingIsLeft();
    }

    /** A bootstrap that is killed while it waits is followed by one that has to know what this one knew. */
    @Test
    void thatATableWasNotPublishedIsWrittenDownBeforeItIs() throws Exception {
        Commands sync = shop.sync(Map.of());
        sync.bootstrap();
        sync.catchUp(Mono.never());
        shop.execute("ALTER PUBLICATION " + shop.slot() + " DROP TABLE review");

        try (Connection other = openTransaction("UPDATE review SET verdict = 'Unseen' WHERE id = 1")) {
            var bootstrap = CompletableFuture.supplyAsync(sync::bootstrap, OwnThread.EACH);
            await().atMost(PATIENCE)
                    .until(() -> shop.list("SELECT tablename FROM pg_publication_tables WHERE tablename = 'review'")
                                    .size()
                            == 1);
            assertThat(bootstrap).isNotDone();
            assertThat(shop.get("/pgsync_state/_doc/" + shop.index())).contains("\"gap\"", "public.review");
            other.commit();
            assertThat(bootstrap.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
        }
        sync.catchUp(Mono.never());

        assertThat(shop.differences()).isEmpty();
    }

    private Connection openTransaction(String sql) throws SQLException {
        Connection connection = shop.connect();
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
        return connection;
    }

    private void awaitPublication() {
        await().atMost(PATIENCE)
                .until(() -> shop.list("SELECT pubname FROM pg_publication").size() == 1);
    }

    private void nothingIsLeft() throws Exception {
        assertThat(shop.list("SELECT pubname FROM pg_publication UNION ALL"
                        + " SELECT slot_name FROM pg_replication_slots WHERE database = current_database()"))
                .isEqualTo(List.of());
    }
}
