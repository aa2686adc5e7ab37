package io.pgsync.replication.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Xid;
import io.pgsync.embedded.postgres.EmbeddedPostgres;
import io.pgsync.replication.TestDatabase;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.api.PostgresqlResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** With a synchronous standby that never answers, a commit is in the log for as long as we like before anybody can see it. */
class VisibilityFenceIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private EmbeddedPostgres postgres;
    private TestDatabase database;
    private PostgresVisibilityFence fence;

    @BeforeEach
    void start() {
        postgres = EmbeddedPostgres.builder().start();
        database = TestDatabase.on(postgres);
        database.execute("CREATE TABLE book (id int PRIMARY KEY)");
        fence = new PostgresVisibilityFence(database.connections());
    }

    @AfterEach
    void stop() {
        database.close();
        postgres.close();
    }

    @Test
    void waitsForACommitThatIsInTheLogButNotVisible() {
        standby("never");
        PostgresqlConnection writer = database.connections().dedicated().block(PATIENCE);
        Xid xid = begin(writer);
        CompletableFuture<Void> commit = run(writer, "COMMIT").toFuture();
        Awaitility.await().atMost(PATIENCE).until(() -> database.ask("""
                SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'""").equals("1"));

        CompletableFuture<Void> passed = fence.awaitVisible(List.of(xid)).toFuture();
        Awaitility.await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(() -> !passed.isDone());
        assertThat(database.ask("SELECT count(*) FROM book")).isEqualTo("0");
        standby("");

        passed.orTimeout(30, TimeUnit.SECONDS).join();
        assertThat(database.ask("SELECT count(*) FROM book")).isEqualTo("1");
        commit.join();
        writer.close().block(PATIENCE);
    }

    @Test
    void asksEvenForTheFirstTransactionOfTheUpperHalfOfTheIds() {
        // Not given out yet, so no snapshot sees it; without an epoch beside it, it is a negative number.
        int current = Integer.parseInt(database.ask("SELECT pg_current_xact_id()::xid"));
        var unborn = new Xid(Integer.MIN_VALUE + current / 2);

        CompletableFuture<Void> passed = fence.awaitVisible(List.of(unborn)).toFuture();

        Awaitility.await().during(Duration.ofMillis(200)).atMost(PATIENCE).until(() -> !passed.isDone());
        passed.cancel(true);
    }

    @Test
    void letsThroughWhatIsVisibleAndNothingAtAll() {
        PostgresqlConnection writer = database.connections().dedicated().block(PATIENCE);
        Xid xid = begin(writer);
        run(writer, "COMMIT").block(PATIENCE);
        writer.close().block(PATIENCE);

        fence.awaitVisible(List.of(xid)).block(PATIENCE);
        fence.awaitVisible(List.of()).block(PATIENCE);

        assertThat(database.ask("SELECT count(*) FROM book")).isEqualTo("1");
    }

    private Xid begin(PostgresqlConnection writer) {
        run(writer, "SET synchronous_commit = on").block(PATIENCE);
        run(writer, "BEGIN").block(PATIENCE);
        run(writer, "INSERT INTO book VALUES (1)").block(PATIENCE);
        return writer.createStatement("SELECT pg_current_xact_id()::xid::text")
                .execute()
                .flatMap(result -> result.map((row, metadata) -> row.get(0, String.class)))
                .map(text -> new Xid(Integer.parseUnsignedInt(text)))
                .blockFirst(PATIENCE);
    }

    private static Mono<Void> run(PostgresqlConnection connection, String sql) {
        return Flux.from(connection.createStatement(sql).execute())
                .flatMap(PostgresqlResult::getRowsUpdated)
                .then();
    }

    private void standby(String names) {
        database.execute("ALTER SYSTEM SET synchronous_standby_names = '%s'".formatted(names));
        database.ask("SELECT pg_reload_conf()");
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> database.ask("SELECT current_setting('synchronous_standby_names')")
                        .equals(names));
    }
}
