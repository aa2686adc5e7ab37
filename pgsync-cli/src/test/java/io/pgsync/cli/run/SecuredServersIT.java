package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgsync.embedded.elasticsearch.ElasticsearchServer.Login;
import io.pgsync.embedded.elasticsearch.EmbeddedElasticsearch;
import io.pgsync.embedded.postgres.EmbeddedPostgres;
import io.pgsync.torture.process.PgsyncProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program on servers with TLS and passwords, which come from files. */
class SecuredServersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String PASSWORD = "hush-hush-postgres";
    private static final String WRONG = "hush-hush-wrong";

    /** Our own connections: how many there are, and whether all are encrypted, the stream included. */
    private static final String CONNECTIONS = """
            SELECT count(*) FILTER (WHERE backend_type = 'walsender') > 0 AND bool_and(ssl)
              FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE application_name LIKE 'pgsync%'""";

    @TempDir
    private Path directory;

    private final StringBuilder said = new StringBuilder();

    @Test
    void everyConnectionIsEncryptedAndNoSecretIsShown() throws Exception {
        try (var postgres = EmbeddedPostgres.builder()
                        .password(PASSWORD)
                        .encrypted()
                        .start();
                var engine = EmbeddedElasticsearch.builder().secured().start()) {
            postgres.createDatabase("shop");
            ask(postgres, "CREATE TABLE book (id int PRIMARY KEY, title text)");
            Files.writeString(directory.resolve("schema.json"), """
                    [{"database": "shop", "index": "books", "nodes": {"table": "book", "columns": ["title"]}}]""");
            Map<String, String> environment = environment(postgres, engine);

            assertThat(run(environment, "-v", "--bootstrap")).isZero();
            assertThat(run(environment, "config")).isZero();
            follow(postgres, environment);
            assertThat(run(with(environment, "PG_PASSWORD"), "-v")).isEqualTo(3);
            assertThat(run(with(environment, "ELASTICSEARCH_PASSWORD"), "-v")).isEqualTo(3);

            assertThat(said.toString())
                    .contains("PG_PASSWORD=********", "named by PG_PASSWORD_FILE in environment")
                    .contains(
                            "password authentication failed",
                            "status 401",
                            "certificate check of the search engine (ELASTICSEARCH_VERIFY_CERTS) is off")
                    .doesNotContain(PASSWORD, WRONG, login(engine).password());
        }
    }

    private void follow(EmbeddedPostgres postgres, Map<String, String> environment) throws Exception {
        try (var daemon = PgsyncProcess.start(directory, environment, "-v", "--daemon")) {
            await().atMost(PATIENCE).until(() -> ask(postgres, CONNECTIONS).equals("t"));
            assertThat(ProcessHandle.current().children().map(SecuredServersIT::commandLine))
                    .isNotEmpty()
                    .noneMatch(line -> line.contains(PASSWORD));
            assertThat(daemon.stop()).isZero();
            said.append(daemon.output());
        }
    }

    private static String commandLine(ProcessHandle process) {
        return process.info().commandLine().orElse("");
    }

    private int run(Map<String, String> environment, String... arguments) throws Exception {
        try (var process = PgsyncProcess.start(directory, environment, arguments)) {
            int code = process.await();
            said.append(process.output());
            return code;
        }
    }

    private Map<String, String> environment(EmbeddedPostgres postgres, EmbeddedElasticsearch engine) throws Exception {
        Login login = login(engine);
        Path passwordOfPostgres = Files.writeString(directory.resolve("pg"), PASSWORD + "\n");
        Path passwordOfEngine = Files.writeString(directory.resolve("es"), login.password() + "\n");
        return Map.ofEntries(
                Map.entry("SCHEMA", directory.resolve("schema.json").toString()),
                Map.entry("PG_HOST", "localhost"),
                Map.entry("PG_PORT", Integer.toString(postgres.port())),
                Map.entry("PG_USER", postgres.user()),
                Map.entry("PG_PASSWORD_FILE", passwordOfPostgres.toString()),
                Map.entry("PG_SSLMODE", "verify-full"),
                Map.entry("PG_SSLROOTCERT", file(postgres.certificate())),
                Map.entry("ELASTICSEARCH_URL", engine.url().toString()),
                Map.entry("ELASTICSEARCH_USER", login.user()),
                Map.entry("ELASTICSEARCH_PASSWORD_FILE", passwordOfEngine.toString()),
                Map.entry("ELASTICSEARCH_CA_CERTS", file(engine.certificate())));
    }

    /** A wrong password in place of the file, and certificates that are not looked at. */
    private static Map<String, String> with(Map<String, String> environment, String secret) {
        var changed = new HashMap<>(environment);
        changed.remove(secret + "_FILE");
        changed.put(secret, WRONG);
        changed.put("PG_SSLMODE", "require");
        changed.put("ELASTICSEARCH_VERIFY_CERTS", "false");
        return changed;
    }

    private static Login login(EmbeddedElasticsearch engine) {
        return engine.login().orElseThrow();
    }

    private static String file(Optional<Path> path) {
        return path.orElseThrow().toString();
    }

    private static String ask(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(postgres.jdbcUrl("shop"), postgres.user(), postgres.password());
                var statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            var rows = statement.getResultSet();
            rows.next();
            return Objects.requireNonNullElse(rows.getString(1), "");
        }
    }
}
