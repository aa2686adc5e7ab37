package io.pgsync.embedded.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pgsync.core.change.Lsn;
import io.pgsync.embedded.EmbeddedServerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedPostgresIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void everyMajorVersionStartsReadyForLogicalReplication(int major) throws SQLException {
        try (var postgres = EmbeddedPostgres.builder().majorVersion(major).start()) {
            assertThat(ask(postgres, "SHOW wal_level")).isEqualTo("logical");
            assertThat(ask(postgres, "SHOW server_version")).startsWith(major + ".");
            assertThat(ask(postgres, "SHOW max_replication_slots")).isEqualTo("20");
        }
    }

    @ParameterizedTest
    @CsvSource({"14, 0/A5000000", "15, 1/0", "16, 7/FF000000", "17, FFFF/80000000", "18, 1/A0123456"})
    void theLogBeginsWhereItIsAskedTo(int major, String position) throws SQLException {
        try (var postgres = EmbeddedPostgres.builder()
                .majorVersion(major)
                .walStart(Lsn.parse(position))
                .start()) {
            ask(postgres, "CREATE TABLE book (id int)");
            postgres.kill();
            postgres.start();

            assertThat(ask(postgres, "SELECT count(*) FROM book")).isEqualTo("0");
            assertThat(ask(postgres, "SELECT abs(pg_current_wal_lsn() - '" + position + "'::pg_lsn) < 16777216"))
                    .isEqualTo("t");
        }
    }

    @Test
    void dataAndPortSurviveEveryKindOfStop() throws SQLException {
        try (var postgres = EmbeddedPostgres.builder().start()) {
            int port = postgres.port();
            ask(postgres, "CREATE TABLE book (id int)");
            ask(postgres, "INSERT INTO book VALUES (1)");

            postgres.restart();
            ask(postgres, "INSERT INTO book VALUES (2)");
            postgres.stop(StopMode.IMMEDIATE);
            postgres.start();
            ask(postgres, "INSERT INTO book VALUES (3)");
            postgres.kill();
            assertThat(postgres.isRunning()).isFalse();
            postgres.start();

            assertThat(postgres.port()).isEqualTo(port);
            assertThat(ask(postgres, "SELECT count(*) FROM book")).isEqualTo("3");
        }
    }

    @Test
    void aStandbyFollowsUntilItIsPromoted() throws SQLException {
        try (var primary = EmbeddedPostgres.builder()
                        .setting("cluster_name", "shop")
                        .start();
                var standby = primary.standby()) {
            ask(primary, "CREATE TABLE book (id int)");
            await().atMost(PATIENCE)
                    .until(() -> ask(standby, "SELECT to_regclass('book') IS NOT NULL")
                            .equals("t"));
            assertThat(ask(standby, "SELECT pg_is_in_recovery()")).isEqualTo("t");
            assertThat(ask(standby, "SHOW cluster_name")).isEqualTo("shop");

            standby.promote();
            ask(standby, "INSERT INTO book VALUES (1)");
            ask(primary, "INSERT INTO book VALUES (2)");

            assertThat(ask(standby, "SELECT string_agg(id::text, ',') FROM book"))
                    .isEqualTo("1");
            assertThat(ask(primary, "SELECT string_agg(id::text, ',') FROM book"))
                    .isEqualTo("2");
            String identity = "SELECT system_identifier FROM pg_control_system()";
            assertThat(ask(standby, identity)).isEqualTo(ask(primary, identity));
        }
    }

    @Test
    void settingsWinOverTheDefaults() throws SQLException {
        try (var postgres = EmbeddedPostgres.builder()
                .setting("wal_level", "replica")
                .setting("cluster_name", "the owner's")
                .start()) {
            assertThat(ask(postgres, "SHOW wal_level")).isEqualTo("replica");
            assertThat(ask(postgres, "SHOW cluster_name")).isEqualTo("the owner's");
        }
    }

    @Test
    void wrongCredentialsAreRefused() {
        try (var postgres = EmbeddedPostgres.builder().password("right").start()) {
            assertThatThrownBy(() -> DriverManager.getConnection(postgres.jdbcUrl("postgres"), "postgres", "wrong"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void createsDatabasesOfAnyName() throws SQLException {
        try (var postgres = EmbeddedPostgres.builder().start()) {
            postgres.createDatabase("Book \"shop\"");
            var fresh = postgres.createDatabase();

            assertThat(ask(postgres, "SELECT count(*) FROM pg_database WHERE datname = 'Book \"shop\"'"))
                    .isEqualTo("1");
            assertThat(ask(postgres, "SELECT count(*) FROM pg_database WHERE datname = '" + fresh + "'"))
                    .isEqualTo("1");
        }
    }

    @Test
    void closingLeavesNoFiles() throws SQLException {
        var postgres = EmbeddedPostgres.builder().start();
        var directory = Path.of(ask(postgres, "SHOW data_directory")).getParent();
        assertThat(directory).isDirectory();

        postgres.close();

        assertThat(directory).doesNotExist();
        assertThat(Files.exists(Path.of(directory + ".lock"))).isFalse();
    }

    @Test
    void aServerThatCannotStartSaysWhyAndLeavesNothing() {
        var builder = EmbeddedPostgres.builder().setting("shared_buffers", "lots");

        assertThatThrownBy(builder::start)
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("invalid value for parameter \"shared_buffers\"");
    }

    @Test
    void unknownMajorVersionNamesTheKnownOnes() {
        assertThatThrownBy(() -> EmbeddedPostgres.builder().majorVersion(9).start())
                .hasMessage("PostgreSQL 9 cannot be embedded. Choose one of [14, 15, 16, 17, 18]");
    }

    private static String ask(PostgresServer server, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(
                        server.jdbcUrl(PostgresServer.MAINTENANCE_DATABASE), server.user(), server.password());
                var statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            var rows = statement.getResultSet();
            rows.next();
            return rows.getString(1);
        }
    }
}
