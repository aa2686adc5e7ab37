package io.pgsync.cli.run;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.cli.config.Environment;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.console.Terminal;
import io.pgsync.cli.truth.DocumentComparison;
import io.pgsync.cli.truth.RowByRowTruth;
import io.pgsync.cli.truth.TrueDocument;
import io.pgsync.elasticsearch.embedded.ElasticsearchServer;
import io.pgsync.elasticsearch.embedded.ElasticsearchServers;
import io.pgsync.replication.PostgresConnections;
import io.pgsync.replication.PostgresSettings;
import io.pgsync.replication.embedded.PostgresServer;
import io.pgsync.replication.embedded.PostgresServers;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The demo's bookshop in a database and an index of its own, on the shared servers. */
final class Shop implements AutoCloseable {
    private static final PostgresServer POSTGRES = PostgresServers.shared();
    private static final ElasticsearchServer ELASTICSEARCH = ElasticsearchServers.shared();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path directory;
    private final String database = POSTGRES.createDatabase();
    private final String index = ELASTICSEARCH.freshIndexName("books");
    private final ArrayNode schema;
    private final Connection connection;

    private Shop(Path directory) throws Exception {
        this.directory = directory;
        this.connection = connect();
        this.schema = (ArrayNode) JSON.readTree(resource("schema.json"));
        ((ObjectNode) schema.get(0)).put("database", database).put("index", index);
        execute(resource("bookshop.sql"));
    }

    /** {@code directory} takes the files of its runs. */
    static Shop open(Path directory) throws Exception {
        return new Shop(directory);
    }

    String index() {
        return index;
    }

    String slot() {
        return "pgsync_" + database;
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(POSTGRES.jdbcUrl(database), POSTGRES.user(), POSTGRES.password());
    }

    Path schemaFile() {
        return directory.resolve("schema.json");
    }

    /** To be closed by the caller. */
    PostgresConnections connections() {
        return PostgresConnections.to(
                PostgresSettings.plain(
                        POSTGRES.host(), POSTGRES.port(), database, POSTGRES.user(), POSTGRES.password()),
                2);
    }

    /** {@code more} wins over what finds the servers. */
    Settings settings(Map<String, String> more) throws IOException {
        Path file = Files.writeString(schemaFile(), schema.toString());
        Map<String, String> variables = new HashMap<>();
        variables.put("SCHEMA", file.toString());
        variables.put("PG_URL", POSTGRES.url(database));
        variables.put("ELASTICSEARCH_URL", ELASTICSEARCH.url().toString());
        variables.put("PGSYNC_DEAD_LETTERS", directory.resolve("refused.jsonl").toString());
        variables.putAll(more);
        return Settings.read(Environment.of(variables));
    }

    SyncRun sync(Map<String, String> more) throws IOException {
        return new SyncRun(settings(more), Terminal.standardError());
    }

    void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of all rows. */
    List<String> list(String sql) throws SQLException {
        var texts = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    /** The first column of the first row. */
    String ask(String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** Where the index does not say what the tables say; empty when all is well. */
    String differences() throws Exception {
        get("/" + index + "/_refresh");
        return DocumentComparison.differences(
                RowByRowTruth.of(connection, schema), TrueDocument.ofHits(get("/" + index + "/_search?size=1000"), ""));
    }

    String get(String path) throws Exception {
        return request("GET", path, "");
    }

    /** What the engine answers, whatever its status. */
    String request(String method, String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(ELASTICSEARCH.url().resolve(path))
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString()).body();
    }

    /** The current content of a document; empty when there is none. */
    String document(String id) throws Exception {
        return JSON.readTree(get("/" + index + "/_doc/" + id)).path("_source").toString();
    }

    private static String resource(String name) throws Exception {
        try (var stream = Objects.requireNonNull(SyncRun.class.getResourceAsStream("/io/pgsync/cli/demo/" + name))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() throws IOException, SQLException {
        sync(Map.of()).tearDown();
        connection.close();
    }
}
