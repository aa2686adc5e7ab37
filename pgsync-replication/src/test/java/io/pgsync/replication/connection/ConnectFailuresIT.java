package io.pgsync.replication.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.embedded.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class ConnectFailuresIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static EmbeddedPostgres server;

    @BeforeAll
    static void startServer() {
        server = EmbeddedPostgres.builder()
                .password("right")
                .setting("max_connections", "6")
                .setting("superuser_reserved_connections", "3")
                .setting("max_wal_senders", "1")
                .start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void wrongPassword() {
        assertFailure(with("127.0.0.1", "postgres", "wrong"), Remedy.STOP, "password", "Check user and password");
    }

    @Test
    void unknownDatabase() {
        assertFailure(with("127.0.0.1", "nowhere", "right"), Remedy.STOP, "\"nowhere\" does not exist");
    }

    @Test
    void unknownHost() {
        assertFailure(
                with("no-such-host.invalid", "postgres", "right"), Remedy.RETRY, "'no-such-host.invalid'", "resolved");
    }

    @Test
    void nothingListens() {
        var settings = PostgresSettings.plain("127.0.0.1", 1, "postgres", "postgres", "right");
        assertFailure(settings, Remedy.RETRY, "127.0.0.1:1/postgres", "Check that the server runs");
    }

    @Test
    void noEncryptionOffered() {
        PostgresSettings plain = with("127.0.0.1", "postgres", "right");
        var encrypted = new PostgresSettings(
                plain.host(),
                plain.port(),
                plain.database(),
                plain.user(),
                plain.password(),
                SslMode.REQUIRE,
                plain.rootCertificate(),
                plain.applicationName());

        assertFailure(encrypted, Remedy.STOP, "sslmode=require");
    }

    @Test
    void aServerThatGoesAwayDuringTheHandshakeIsTriedAgain() throws Exception {
        try (var goesAway = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CompletableFuture.runAsync(() -> readRequestsAndClose(goesAway));
            var settings =
                    PostgresSettings.plain("127.0.0.1", goesAway.getLocalPort(), "postgres", "postgres", "right");
            var encrypted = new PostgresSettings(
                    settings.host(),
                    settings.port(),
                    settings.database(),
                    settings.user(),
                    settings.password(),
                    SslMode.PREFER,
                    settings.rootCertificate(),
                    settings.applicationName());

            assertFailure(encrypted, Remedy.RETRY, "closed");
        }
    }

    @Test
    void aServerThatNeverAnswersIsTriedAgain() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var settings = PostgresSettings.plain("127.0.0.1", silent.getLocalPort(), "postgres", "postgres", "right");

            assertFailure(settings, Remedy.RETRY, "no answer");
        }
    }

    @Test
    void aPoolerIsNamedAndStops() throws Exception {
        try (var pooler = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CompletableFuture.runAsync(() -> refuseTheFirstParameter(pooler));
            var settings = PostgresSettings.plain("127.0.0.1", pooler.getLocalPort(), "postgres", "postgres", "right");

            assertFailure(
                    settings,
                    Remedy.STOP,
                    "unsupported startup parameter: jit",
                    "PgBouncer",
                    "Use the address of the server itself");
        }
    }

    /** What PgBouncer 1.18 was seen to answer: an ErrorResponse of severity, SQLSTATE and message. */
    private static void refuseTheFirstParameter(ServerSocket pooler) {
        byte[] fields = "SFATAL\0C08P01\0Munsupported startup parameter: jit\0\0".getBytes(StandardCharsets.US_ASCII);
        byte[] answer = ByteBuffer.allocate(5 + fields.length)
                .put((byte) 'E')
                .putInt(4 + fields.length)
                .put(fields)
                .array();
        while (!pooler.isClosed()) {
            try (var client = pooler.accept()) {
                client.getInputStream().read(new byte[1_000]);
                client.getOutputStream().write(answer);
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** As a server does that is killed: requests for encryption arrive and are never answered. */
    private static void readRequestsAndClose(ServerSocket server) {
        while (!server.isClosed()) {
            try (var client = server.accept()) {
                client.getInputStream().readNBytes(8);
            } catch (IOException closed) {
                return;
            }
        }
    }

    @Test
    void neverShowsThePassword() {
        assertThat(failure(with("127.0.0.1", "postgres", "s3cret"))).hasMessageNotContaining("s3cret");
    }

    private static PostgresSettings with(String host, String database, String password) {
        return PostgresSettings.plain(host, server.port(), database, server.user(), password);
    }

    private static void assertFailure(PostgresSettings settings, Remedy remedy, String... words) {
        SyncException failure = failure(settings);

        assertThat(failure)
                .hasMessageStartingWith("Cannot connect to PostgreSQL at ")
                .hasMessageContainingAll(words);
        assertThat(failure.remedy()).isEqualTo(remedy);
    }

    private static SyncException failure(PostgresSettings settings) {
        return Mono.usingWhen(
                        Mono.just(PostgresConnections.to(settings, 1)),
                        connections -> connections
                                .query("SELECT 1", row -> new SyncException(Remedy.RETRY, "connected"))
                                .single()
                                .onErrorResume(SyncException.class, Mono::just),
                        PostgresConnections::close)
                .block(PATIENCE);
    }
}
