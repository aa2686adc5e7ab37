package io.pgsync.cli.run;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.cli.config.Environment;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.console.Terminal;
import io.pgsync.core.change.Lsn;
import io.pgsync.embedded.elasticsearch.ElasticsearchServer;
import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import io.pgsync.embedded.postgres.PostgresServer;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresSettings;
import io.pgsync.torture.truth.DocumentComparison;
import io.pgsync.torture.truth.RowByRowTruth;
import io.pgsync.torture.truth.TrueDocument;
import java.io.IOException;
import java.net.URI;
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

/** The demo's bookshop in a database and an index of its own. */
final class Shop implements AutoCloseable {
    private static final ElasticsearchServer ELASTICSEARCH = ElasticsearchServers.shared();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http = HttpClient.newHttpClient();
    private final PostgresServer postgres;
    private final Path directory;
    private final String database;
    private final String index;
    private final ArrayNode schema;
    private final Connection connection;

    private Shop(PostgresServer postgres, Path directory, String database, String index, ArrayNode schema)
            throws SQLException {
        this.postgres = postgres;
        this.directory = directory;
        this.database = database;
        this.index = index;
        this.schema = schema;
        this.connection = connect();
    }

    /** {@code directory} takes the files of its runs. */
    static Shop open(Path directory) throws Exception {
        return open(PostgresServers.shared(), directory);
    }

    /** The same on a server of the test's own. */
    static Shop open(PostgresServer postgres, Path directory) throws Exception {
        String database = postgres.createDatabase();
        String index = ELASTICSEARCH.freshIndexName("books");
        var schema = (ArrayNode) JSON.readTree(resource("schema.json"));
        ((ObjectNode) schema.get(0)).put("database", database).put("index", index);
        var shop = new Shop(postgres, directory, database, index, schema);
        shop.execute(resource("bookshop.sql"));
        return shop;
    }

    /** The same database as another server has it. */
    Shop on(PostgresServer other) throws SQLException {
        return new Shop(other, directory, database, index, schema);
    }

    /** The schema file, to be changed between runs. */
    ArrayNode schema() {
        return schema;
    }

    /** Adds a document to the schema file and gives its index. */
    String addDocument(String nodes) throws IOException {
        String name = ELASTICSEARCH.freshIndexName("more");
        schema.addObject().put("database", database).put("index", name).set("nodes", JSON.readTree(nodes));
        return name;
    }

    String index() {
        return index;
    }

    String slot() {
        return "pgsync_" + database;
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(database), postgres.user(), postgres.password());
    }

    Path schemaFile() {
        return directory.resolve("schema.json");
    }

    /** To be closed by the caller. */
    PostgresConnections connections() {
        return PostgresConnections.to(
                PostgresSettings.plain(
                        postgres.host(), postgres.port(), database, postgres.user(), postgres.password()),
                2);
    }

    /** The address of the database. */
    String url() {
        return postgres.url(database);
    }

    /** The same for another role. */
    String url(String role, String password) {
        return "postgresql://%s:%s@%s:%d/%s".formatted(role, password, postgres.host(), postgres.port(), database);
    }

    /** {@code more} wins over what finds the servers. */
    Settings settings(Map<String, String> more) throws IOException {
        Path file = Files.writeString(schemaFile(), schema.toString());
        Map<String, String> variables = new HashMap<>();
        variables.put("SCHEMA", file.toString());
        variables.put("PG_URL", postgres.url(database));
        variables.put("ELASTICSEARCH_URL", ELASTICSEARCH.url().toString());
        variables.put("PGSYNC_DEAD_LETTERS", directory.resolve("refused.jsonl").toString());
        // Most tests look at the index and its state under one name.
        variables.put("PGSYNC_INDEX_ALIAS", "false");
        variables.putAll(more);
        return Settings.read(Environment.of(variables));
    }

    Commands sync(Map<String, String> more) throws IOException {
        return new Commands(settings(more), Terminal.standardError());
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

    /** The end of the server's log. */
    Lsn position() throws SQLException {
        return Lsn.parse(ask("SELECT pg_current_wal_lsn()"));
    }

    /** What the slot has been told: everything up to here is stored, and nothing of it is under way. */
    Lsn confirmed() throws SQLException {
        return Lsn.parse(
                ask("SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '" + slot() + "'"));
    }

    /** Where the index does not say what the tables say; empty when all is well. */
    String differences() throws Exception {
        var all = new StringBuilder();
        for (var document : schema) {
            all.append(differences(document.path("index").asText()));
        }
        return all.toString();
    }

    /** The same for one of several documents. */
    String differences(String ofIndex) throws Exception {
        return differences(ofIndex, ELASTICSEARCH.url());
    }

    /** Where one index does not say what the tables say according to an entry of a schema file. */
    String differences(ObjectNode document, String inIndex) throws Exception {
        request("POST", "/" + inIndex + "/_refresh", "");
        return DocumentComparison.differences(
                RowByRowTruth.of(connection, JSON.createArrayNode().add(document)),
                TrueDocument.ofHits(
                        request("GET", "/" + inIndex + "/_search?size=10000", ""),
                        hit -> document.path("index").asText()));
    }

    /** The same on another search engine. */
    String differences(String ofIndex, URI engine) throws Exception {
        var documents = JSON.createArrayNode();
        schema.forEach(document -> {
            if (document.path("index").asText().equals(ofIndex)) {
                documents.add(document);
            }
        });
        request(engine, "GET", "/" + ofIndex + "/_refresh", "");
        return DocumentComparison.differences(
                RowByRowTruth.of(connection, documents),
                TrueDocument.ofHits(request(engine, "GET", "/" + ofIndex + "/_search?size=1000", ""), hit -> ofIndex));
    }

    /** Of something in the engine. */
    URI address(String path) {
        return ELASTICSEARCH.url().resolve(path);
    }

    String get(String path) throws Exception {
        return request("GET", path, "");
    }

    /** What the engine answers, whatever its status. */
    String request(String method, String path, String body) throws Exception {
        return request(ELASTICSEARCH.url(), method, path, body);
    }

    private String request(URI engine, String method, String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(engine.resolve(path))
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
        try (var stream = Objects.requireNonNull(Commands.class.getResourceAsStream("/io/pgsync/cli/demo/" + name))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() throws IOException, SQLException {
        sync(Map.of()).tearDown();
        connection.close();
    }
}
