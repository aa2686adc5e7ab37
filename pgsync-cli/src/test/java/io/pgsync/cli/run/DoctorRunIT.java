package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.cli.config.Environment;
import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.console.Terminal;
import io.pgsync.cli.doctor.DiagnosisText;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.core.failure.SyncException;
import io.pgsync.embedded.elasticsearch.ElasticsearchServer;
import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import io.pgsync.embedded.postgres.PostgresServer;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.runtime.report.Diagnosis;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorRunIT {
    private static final PostgresServer POSTGRES = PostgresServers.shared();
    private static final ElasticsearchServer ELASTICSEARCH = ElasticsearchServers.shared();

    @TempDir
    private Path directory;

    private String database = "";

    @BeforeEach
    void makeADatabase() throws SQLException, IOException {
        database = POSTGRES.createDatabase();
        execute("""
                CREATE TABLE book (id int PRIMARY KEY, title text);
                CREATE TABLE review (id int PRIMARY KEY, book_id int REFERENCES book, stars int);""");
        write("stars");
    }

    @Test
    void aMissingIndexIsAWarningAndItsRemedyMendsIt() throws SQLException {
        Diagnosis before = examine(POSTGRES.url(database));
        execute(only(before, "index on public.review (book_id)").path("remedy").asText());
        Diagnosis after = examine(POSTGRES.url(database));

        assertThat(before.severity()).isEqualTo(Severity.WARNING);
        assertThat(levels(after, "index")).containsOnly("OK");
        assertThat(levels(after, "rights")).containsExactly("OK");
    }

    @Test
    void aRoleWithoutRightsIsToldEachStatementThatItNeeds() throws SQLException {
        String role = database + "_guest";
        execute("CREATE ROLE " + role + " LOGIN PASSWORD 'guest'");

        Diagnosis before = examine(urlOf(role));
        for (JsonNode finding : new DiagnosisText(before).json()) {
            if (finding.path("level").asText().equals("FAIL")
                    && !finding.path("message").asText().contains("own")) {
                execute(finding.path("remedy").asText());
            }
        }
        execute("ALTER TABLE book OWNER TO " + role + "; ALTER TABLE review OWNER TO " + role);
        Diagnosis after = examine(urlOf(role));
        execute("DROP OWNED BY " + role + " CASCADE; DROP ROLE " + role);

        assertThat(messages(before, "FAIL"))
                .contains(
                        "it may not replicate",
                        "it may not create the publication",
                        "role '" + role + "' may not read it");
        assertThat(messages(after, "FAIL")).isEmpty();
    }

    @Test
    void anIndexWithoutRoomForItsFieldsIsToldHowToGetIt() throws Exception {
        String tight = "{\"settings\": {\"index.mapping.total_fields.limit\": 2}, \"mappings\": {\"properties\":"
                + " {\"a\": {\"type\": \"long\"}, \"b\": {\"type\": \"long\"}}}}";
        request("PUT /" + database + " " + tight);

        Diagnosis before = examine(POSTGRES.url(database));
        request(only(before, "fields of " + database).path("remedy").asText());
        Diagnosis after = examine(POSTGRES.url(database));

        assertThat(levels(before, "fields of")).containsExactly("FAIL");
        assertThat(levels(after, "fields of")).containsExactly("OK");
    }

    @Test
    void theWatermarksOfTheDisksAreThoseOfTheCluster() throws Exception {
        String settings = "PUT /_cluster/settings {\"persistent\": {\"cluster.routing.allocation.disk\": %s}}";
        request(settings.formatted("{\"threshold_enabled\": true, \"watermark.low\": \"0.1%\","
                + " \"watermark.high\": \"99.9%\", \"watermark.flood_stage\": \"99.95%\"}"));

        Diagnosis tight = examine(POSTGRES.url(database));
        request(settings.formatted("{\"threshold_enabled\": null, \"watermark.low\": null,"
                + " \"watermark.high\": null, \"watermark.flood_stage\": null}"));
        Diagnosis usual = examine(POSTGRES.url(database));

        assertThat(only(tight, "disk of").path("message").asText()).contains("beyond 0.1% no new shards are placed");
        assertThat(levels(usual, "disk of")).containsExactly("OK");
    }

    @Test
    void bootstrapTellsEverythingThatMustBeMendedBeforeItMakesAnything() throws Exception {
        String role = database + "_guest";
        execute("CREATE ROLE " + role + " LOGIN PASSWORD 'guest'");
        request("PUT /" + database + " {\"settings\": {\"index.blocks.read_only\": true}}");
        var run = new Commands(settings(urlOf(role)), Terminal.standardError());

        assertThatThrownBy(run::bootstrap)
                .isInstanceOfSatisfying(
                        SyncException.class,
                        failure -> assertThat(ExitCode.of(failure)).isEqualTo(ExitCode.CONFIGURATION))
                .hasMessageContainingAll(
                        "it may not replicate. ALTER ROLE",
                        "may not read it. GRANT USAGE",
                        "Search engine, index " + database + ": read-only");
        execute("DROP ROLE " + role);
        request("PUT /" + database + "/_settings {\"index.blocks.read_only\": null}");

        assertThat(new Commands(settings(POSTGRES.url(database)), Terminal.standardError()).bootstrap())
                .isEqualTo(ExitCode.OK);
        new Commands(settings(POSTGRES.url(database)), Terminal.standardError()).tearDown();
    }

    @Test
    void aServerThatIsAwayAndAFileThatDoesNotFitAreFindings() throws IOException {
        assertThat(levels(examine("postgresql://nobody:wrong@127.0.0.1:1/" + database), "database"))
                .containsExactly("FAIL");

        write("no_such_column");
        Diagnosis unfit = examine(POSTGRES.url(database));

        assertThat(messages(unfit, "FAIL")).singleElement().asString().contains("no_such_column");
        assertThat(levels(unfit, "version")).containsExactly("OK");
    }

    @Test
    void theReportSaysWhatIsToBeDone() {
        var text = new StringWriter();
        new DiagnosisText(examine(POSTGRES.url(database))).print(new PrintWriter(text));

        assertThat(text.toString())
                .contains("  OK    wal_level: logical\n")
                .contains("  WARN  index on public.review (book_id): missing")
                .contains("        CREATE INDEX CONCURRENTLY ON \"public\".\"review\" (\"book_id\");\n")
                .contains("0 to mend, ");
    }

    private Diagnosis examine(String url) {
        return new DoctorRun(settings(url)).examine();
    }

    private Settings settings(String url) {
        return Settings.read(Environment.of(Map.of(
                Setting.SCHEMA.name(), directory.resolve("schema.json").toString(),
                Setting.PG_URL.name(), url,
                Setting.ELASTICSEARCH_URL.name(), ELASTICSEARCH.url().toString())));
    }

    /** As the remedies have it: method, path and body. */
    private static void request(String text) throws Exception {
        String[] parts = text.split(" ", 3);
        var request = HttpRequest.newBuilder(ELASTICSEARCH.url().resolve(parts[1]))
                .header("Content-Type", "application/json")
                .method(parts[0], BodyPublishers.ofString(parts[2]))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    private static JsonNode only(Diagnosis diagnosis, String subject) {
        return findings(diagnosis, subject).get(0);
    }

    private static List<String> levels(Diagnosis diagnosis, String subject) {
        return findings(diagnosis, subject).stream()
                .map(finding -> finding.path("level").asText())
                .toList();
    }

    private static List<JsonNode> findings(Diagnosis diagnosis, String subject) {
        return StreamSupport.stream(new DiagnosisText(diagnosis).json().spliterator(), false)
                .filter(finding -> finding.path("subject").asText().startsWith(subject))
                .toList();
    }

    private static List<String> messages(Diagnosis diagnosis, String level) {
        return StreamSupport.stream(new DiagnosisText(diagnosis).json().spliterator(), false)
                .filter(finding -> finding.path("level").asText().equals(level))
                .map(finding -> finding.path("message").asText())
                .toList();
    }

    private String urlOf(String role) {
        return "postgresql://%s:guest@%s:%d/%s".formatted(role, POSTGRES.host(), POSTGRES.port(), database);
    }

    private void write(String column) throws IOException {
        Files.writeString(directory.resolve("schema.json"), """
                [{"database": "%s", "index": "%s", "nodes": {"table": "book", "children": [
                  {"table": "review", "columns": ["%s"], "relationship": {"variant": "scalar", "type": "one_to_many"}}]}}]""".formatted(database, database, column));
    }

    private void execute(String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(POSTGRES.jdbcUrl(database), POSTGRES.user(), POSTGRES.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
