package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.elasticsearch.Authentication;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.ElasticsearchSettings;
import io.pgsync.elasticsearch.TlsSettings;
import io.pgsync.embedded.elasticsearch.EmbeddedOpenSearch;
import io.pgsync.embedded.postgres.PostgresServer;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.torture.process.PgsyncProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

/** The whole program as a user of OpenSearch's Security plugin. Only the profile engines runs it: the plugin is a download of 44 MB. */
class SecuredOpenSearchIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String PASSWORD = "Quite-Long-4-A-Test";
    private static final PostgresServer POSTGRES = PostgresServers.shared();

    private static EmbeddedOpenSearch server;
    private static ElasticsearchConnection administrator;

    @TempDir
    private Path directory;

    private final String database = POSTGRES.createDatabase();

    @BeforeAll
    static void start() {
        server = EmbeddedOpenSearch.builder().version("2.19.3").secured().start();
        var login = server.login().orElseThrow();
        administrator = ElasticsearchConnection.open(
                ElasticsearchSettings.of(server.url().toString())
                        .withAuthentication(new Authentication.Basic(login.user(), login.password()))
                        .withTls(new TlsSettings(server.certificate(), Optional.empty(), Optional.empty(), true)),
                Schedulers.boundedElastic());
    }

    @AfterAll
    static void stop() {
        administrator.close();
        server.close();
    }

    /** What the message about missing rights names, and nothing more. */
    @Test
    void theRightsThatTheAdviceNamesAreEnough() throws Exception {
        execute("CREATE TABLE book (id int PRIMARY KEY, title text)", "INSERT INTO book VALUES (1, 'one')");
        makeUser("writer", roleOfTheGuide());
        Map<String, String> writer = environment("writer", PASSWORD);

        assertThat(run(writer, "bootstrap")).contains("exit code 0");
        assertThat(run(writer)).contains("exit code 0");
        assertThat(title("1")).isEqualTo("one");
        try (var daemon = PgsyncProcess.start(directory, writer, "--daemon")) {
            execute("UPDATE book SET title = 'two'");
            await().atMost(PATIENCE).until(() -> title("1").equals("two"));
            assertThat(daemon.stop()).isZero();
        }
        assertThat(run(writer, "backfill", "--document", "book")).contains("exit code 0");
        assertThat(run(writer, "doctor"))
                .contains("OpenSearch 2.19.3", "user writer has the roles", "writer", "cluster_composite_ops")
                .doesNotContain("FAIL");
        assertThat(run(writer, "bootstrap", "--teardown")).contains("exit code 0");
    }

    @Test
    void whoLacksARightIsToldWhichAreNeeded() throws Exception {
        execute("CREATE TABLE book (id int PRIMARY KEY, title text)");
        makeUser("reader", """
                {"cluster_permissions": ["cluster_monitor", "cluster_composite_ops"],
                 "index_permissions": [{"index_patterns": ["*"], "allowed_actions": ["read"]}]}""");

        assertThat(run(environment("reader", PASSWORD), "bootstrap"))
                .contains("exit code 3", "OpenSearch at", "no permissions for [", "indices_all on the index");
        assertThat(run(
                        environment(
                                server.guest().orElseThrow().user(),
                                server.guest().orElseThrow().password()),
                        "bootstrap"))
                .contains("exit code 3", "OpenSearch at", "cluster_monitor and cluster_composite_ops on the cluster");
    }

    @Test
    void aWrongPasswordIsNamed() throws Exception {
        execute("CREATE TABLE book (id int PRIMARY KEY, title text)");

        assertThat(run(environment("pgsync", "wrong"), "bootstrap"))
                .contains("exit code 3", "OpenSearch at", "status 401", "Check the search engine's user and password");
    }

    private static String roleOfTheGuide() throws IOException {
        String page = Files.readString(Path.of("../docs/guide/engines.md"));
        int start = page.indexOf("```json\n") + "```json\n".length();
        return page.substring(start, page.indexOf("```", start));
    }

    private void makeUser(String name, String role) {
        administer("PUT", "/_plugins/_security/api/roles/" + name, role);
        administer(
                "PUT",
                "/_plugins/_security/api/internalusers/" + name,
                "{\"password\": \"%s\", \"opendistro_security_roles\": [\"%s\"]}".formatted(PASSWORD, name));
    }

    private static JsonNode administer(String method, String path, String body) {
        var request = new Request(method, path);
        if (!body.isEmpty()) {
            request.setJsonEntity(body);
        }
        return administrator.json("administer", request).block(PATIENCE);
    }

    private static String title(String id) {
        return administer("GET", "/book/_doc/" + id, "").at("/_source/title").asText();
    }

    /** All that it said, and the exit code. */
    private String run(Map<String, String> environment, String... arguments) throws Exception {
        try (var process = PgsyncProcess.start(directory, environment, arguments)) {
            int code = process.await();
            return process.output() + "exit code " + code;
        }
    }

    private Map<String, String> environment(String user, String password) throws Exception {
        Path schema = Files.writeString(directory.resolve("schema.json"), """
                [{"database": "%s", "index": "book", "nodes": {"table": "book", "columns": ["title"]}}]""".formatted(database));
        return Map.of(
                "SCHEMA", schema.toString(),
                "PG_URL", POSTGRES.url(database),
                "OPENSEARCH", "true",
                "ELASTICSEARCH_URL", server.url().toString(),
                "ELASTICSEARCH_USER", user,
                "ELASTICSEARCH_PASSWORD", password,
                "ELASTICSEARCH_CA_CERTS", server.certificate().orElseThrow().toString());
    }

    private void execute(String... statements) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(POSTGRES.jdbcUrl(database), POSTGRES.user(), POSTGRES.password());
                var statement = connection.createStatement()) {
            for (String sql : List.of(statements)) {
                statement.execute(sql);
            }
        }
    }
}
