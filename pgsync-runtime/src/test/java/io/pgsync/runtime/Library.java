package io.pgsync.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.core.change.Lsn;
import io.pgsync.elasticsearch.ElasticsearchSettings;
import io.pgsync.embedded.elasticsearch.ElasticsearchServer;
import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import io.pgsync.embedded.postgres.PostgresServer;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresSettings;
import io.pgsync.runtime.config.PgsyncConfig;
import io.pgsync.runtime.config.PgsyncConfigBuilder;
import io.pgsync.runtime.config.SchemaText;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;

/** Books with a column for the title in a database of its own, and the index of a test. */
final class Library implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final PostgresServer POSTGRES = PostgresServers.shared();
    private static final ElasticsearchServer ELASTICSEARCH = ElasticsearchServers.shared();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String database = POSTGRES.createDatabase();
    private final String index = ELASTICSEARCH.freshIndexName("library");
    private final PostgresSettings settings =
            PostgresSettings.plain(POSTGRES.host(), POSTGRES.port(), database, POSTGRES.user(), POSTGRES.password());
    private final PostgresConnections connections = PostgresConnections.to(settings, 2);
    private final Path directory;

    /** {@code directory} takes the files of its runs. */
    Library(Path directory) {
        this.directory = directory;
        execute("CREATE TABLE book (id int PRIMARY KEY, title text)");
        execute("INSERT INTO book VALUES (1, 'first')");
    }

    String index() {
        return index;
    }

    /** {@code more}: members of the document in the schema file, with a comma before them. */
    PgsyncConfigBuilder config(String more) {
        String schema = """
                [{"database": "%s", "index": "%s", "nodes": {"table": "book"}%s}]""".formatted(database, index, more);
        return PgsyncConfig.builder(new SchemaText("library", false, schema))
                .postgres(settings)
                .elasticsearch(ElasticsearchSettings.of(ELASTICSEARCH.url().toString()))
                .deadLetters(directory.resolve("refused.jsonl"));
    }

    Pgsync pgsync() {
        return Pgsync.of(config("").build());
    }

    void execute(String sql) {
        connections.execute(sql).block(PATIENCE);
    }

    String ask(String sql) {
        return connections
                .query(sql, row -> row.get(0, String.class))
                .next()
                .blockOptional(PATIENCE)
                .orElse("");
    }

    /** Behind what was committed before. */
    Lsn position() {
        return Lsn.parse(ask("SELECT pg_current_wal_insert_lsn()::text"));
    }

    /** What the follower told the server that it stored. */
    Lsn confirmed() {
        return Lsn.parse(ask(
                "SELECT confirmed_flush_lsn::text FROM pg_replication_slots" + " WHERE database = current_database()"));
    }

    /** Whether a process streams from the slot. */
    boolean isFollowed() {
        return ask("SELECT active::text FROM pg_replication_slots WHERE database = current_database()")
                .equals("true");
    }

    /** What a search finds of a book; a missing node when it finds none. */
    JsonNode found(int id) throws IOException, InterruptedException {
        URI search = ELASTICSEARCH.url().resolve("/" + index + "/_search?q=_id:" + id);
        String answer = http.send(HttpRequest.newBuilder(search).build(), BodyHandlers.ofString())
                .body();
        return JSON.readTree(answer).at("/hits/hits/0/_source");
    }

    @Override
    public void close() {
        pgsync().tearDown().block(PATIENCE);
        connections.close().block(PATIENCE);
    }
}
