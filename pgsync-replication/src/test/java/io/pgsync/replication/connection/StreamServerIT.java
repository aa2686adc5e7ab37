package io.pgsync.replication.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.embedded.postgres.EmbeddedPostgres;
import io.pgsync.embedded.postgres.PostgresServer;
import io.pgsync.replication.slot.ReplicationSlots;
import io.pgsync.replication.sql.Columns;
import io.pgsync.replication.stream.ReplicationStream;
import io.pgsync.replication.stream.StreamSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** An address that leads to two servers: an old primary that is still alive, and the standby of it that was promoted. */
class StreamServerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final StreamSettings STREAM = new StreamSettings("shop", "shop");

    private static EmbeddedPostgres old;
    private static EmbeddedPostgres promoted;
    private static String database;

    private RoutingProxy address;
    private PostgresConnections connections;

    @BeforeAll
    static void promote() {
        old = EmbeddedPostgres.builder().start();
        database = old.createDatabase();
        promoted = old.standby();
        execute(old, "CREATE TABLE place (name text PRIMARY KEY)", "CREATE PUBLICATION shop FOR TABLE place");
        await().atMost(PATIENCE)
                .until(() -> ask(promoted, "SELECT count(*)::text FROM pg_publication")
                        .equals("1"));
        promoted.promote();
        for (EmbeddedPostgres server : List.of(old, promoted)) {
            ask(server, "SELECT pg_create_logical_replication_slot('shop', 'pgoutput')::text");
        }
        execute(old, "INSERT INTO place VALUES ('old')");
        execute(promoted, "INSERT INTO place VALUES ('promoted')");
    }

    @AfterAll
    static void stop() {
        promoted.close();
        old.close();
    }

    @BeforeEach
    void leadToTheOldOne() throws IOException {
        address = new RoutingProxy(startup -> old.port());
        connections = PostgresConnections.to(settings(old, address.port()), 4);
    }

    @AfterEach
    void close() throws IOException {
        connections.close().block(PATIENCE);
        address.close();
    }

    @Test
    void aNewStreamTakesItsQueriesAlong() {
        ReplicationStream first = open();
        assertThat(where(connections)).isEqualTo("old");

        address.route(startup -> promoted.port());
        ask(old, "SELECT pg_terminate_backend(active_pid)::text FROM pg_replication_slots");
        first.close().block(PATIENCE);
        ReplicationStream second = open();

        assertThat(second.position().identity().timeline()).isEqualTo(2);
        assertThat(second.position().confirmed().toString())
                .isEqualTo(ask(promoted, "SELECT confirmed_flush_lsn::text FROM pg_replication_slots"));
        assertThat(where(connections)).isEqualTo("promoted");
        second.close().block(PATIENCE);
    }

    @Test
    void noQueryGoesElsewhereWhileAStreamIsOpen() {
        PostgresConnections walks = connections.another(2);
        ReplicationStream stream = open();

        address.route(startup -> promoted.port());

        assertRefused(walks.query("SELECT name FROM place", row -> Columns.required(row, 0, String.class))
                .next());
        stream.close().block(PATIENCE);
        walks.close().block(PATIENCE);
    }

    @Test
    void aStreamWhoseQueriesGoElsewhereIsNotOpened() {
        address.route(startup -> startup.contains("replication") ? old.port() : promoted.port());

        assertRefused(ReplicationStream.open(connections, STREAM));
    }

    @Test
    void aSlotIsNotCreatedWhereTheQueriesDoNotGo() {
        address.route(startup -> startup.contains("replication") ? old.port() : promoted.port());

        StepVerifier.create(new ReplicationSlots(connections).create("elsewhere"))
                .expectError(SyncException.class)
                .verify(PATIENCE);
    }

    private ReplicationStream open() {
        return ReplicationStream.open(connections, STREAM).block(PATIENCE);
    }

    private static void assertRefused(Mono<?> work) {
        StepVerifier.create(work)
                .expectErrorSatisfies(failure -> {
                    assertThat(failure).hasMessageContainingAll("The stream comes from", "one primary");
                    assertThat(((SyncException) failure).remedy()).isEqualTo(Remedy.RETRY);
                })
                .verify(PATIENCE);
    }

    private static String where(PostgresConnections connections) {
        return connections
                .query("SELECT name FROM place", row -> Columns.required(row, 0, String.class))
                .blockFirst(PATIENCE);
    }

    private static PostgresSettings settings(PostgresServer server, int port) {
        return PostgresSettings.plain("127.0.0.1", port, database, server.user(), server.password());
    }

    private static void execute(PostgresServer server, String... statements) {
        with(server, direct -> {
            for (String statement : statements) {
                direct.execute(statement).block(PATIENCE);
            }
            return "";
        });
    }

    private static String ask(PostgresServer server, String sql) {
        return with(
                server,
                direct -> direct.query(sql, row -> Columns.required(row, 0, String.class))
                        .blockFirst(PATIENCE));
    }

    private static String with(PostgresServer server, Function<PostgresConnections, String> work) {
        PostgresConnections direct = PostgresConnections.to(settings(server, server.port()), 1);
        try {
            return work.apply(direct);
        } finally {
            direct.close().block(PATIENCE);
        }
    }
}
