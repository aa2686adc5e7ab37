package io.pgsync.replication.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.embedded.postgres.EmbeddedPostgres;
import io.pgsync.replication.sql.Columns;
import io.r2dbc.postgresql.api.PostgresqlReplicationConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Every sslmode on a server with TLS, whose certificate is for localhost and 127.0.0.1 and signed by nobody whom the JVM knows. */
class EncryptedConnectionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Another way to write 127.0.0.1. */
    private static final String NOT_IN_THE_CERTIFICATE = "127.1";

    private static final String OURS = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    private static final String STREAMS =
            "SELECT bool_or(ssl) FROM pg_stat_ssl JOIN pg_stat_replication USING (pid) WHERE application_name = $1";

    private static EmbeddedPostgres server;

    /** What pg_stat_ssl says of a pooled connection and of one that could stream. */
    private record Encrypted(boolean pooled, boolean replication) {}

    @BeforeAll
    static void start() {
        server = EmbeddedPostgres.builder().encrypted().start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Stream<Arguments> modes() {
        Optional<Path> none = Optional.empty();
        return Stream.of(
                Arguments.of(SslMode.DISABLE, none, false),
                Arguments.of(SslMode.ALLOW, none, false),
                Arguments.of(SslMode.PREFER, none, true),
                Arguments.of(SslMode.REQUIRE, none, true),
                Arguments.of(SslMode.REQUIRE, server.certificate(), true),
                Arguments.of(SslMode.VERIFY_CA, server.certificate(), true),
                Arguments.of(SslMode.VERIFY_FULL, server.certificate(), true));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void theModeHoldsForEveryConnection(SslMode mode, Optional<Path> root, boolean encrypted) {
        assertThat(connect("localhost", mode, root)).isEqualTo(new Encrypted(encrypted, encrypted));
    }

    @ParameterizedTest
    @ValueSource(strings = {"VERIFY_CA", "VERIFY_FULL"})
    void aCertificateOfAnUnknownAuthorityStops(SslMode mode) {
        assertStops("localhost", mode, Optional.empty());
    }

    @Test
    void onlyVerifyFullLooksAtTheHostName() {
        var encrypted = new Encrypted(true, true);

        assertThat(connect("127.0.0.1", SslMode.VERIFY_FULL, server.certificate()))
                .isEqualTo(encrypted);
        assertThat(connect(NOT_IN_THE_CERTIFICATE, SslMode.VERIFY_CA, server.certificate()))
                .isEqualTo(encrypted);
        assertStops(NOT_IN_THE_CERTIFICATE, SslMode.VERIFY_FULL, server.certificate());
    }

    private static void assertStops(String host, SslMode mode, Optional<Path> root) {
        assertThatThrownBy(() -> connect(host, mode, root))
                .isInstanceOfSatisfying(
                        SyncException.class,
                        failure -> assertThat(failure.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContaining("encryption with sslmode=" + mode + " failed");
    }

    private static Encrypted connect(String host, SslMode mode, Optional<Path> root) {
        var settings = new PostgresSettings(
                host, server.port(), "postgres", server.user(), server.password(), mode, root, "encrypted-" + mode);
        return Mono.usingWhen(
                        Mono.just(PostgresConnections.to(settings, 1)),
                        EncryptedConnectionsIT::look,
                        PostgresConnections::close)
                .block(PATIENCE);
    }

    private static Mono<Encrypted> look(PostgresConnections connections) {
        String name = connections.settings().applicationName();
        return Mono.usingWhen(
                connections.replication(),
                open -> Mono.zip(ask(connections, OURS), ask(connections, STREAMS, name), Encrypted::new),
                PostgresqlReplicationConnection::close);
    }

    private static Mono<Boolean> ask(PostgresConnections connections, String sql, Object... parameters) {
        return connections
                .query(sql, row -> Columns.required(row, 0, Boolean.class), parameters)
                .single();
    }
}
