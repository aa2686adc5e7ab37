package io.pgsync.example.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgsync.core.change.TableName;
import io.pgsync.embedded.LoopbackPort;
import io.pgsync.embedded.elasticsearch.ElasticsearchServer;
import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import io.pgsync.embedded.postgres.PostgresServer;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.PostgresConnections;
import io.pgsync.replication.PostgresSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.test.StepVerifier;

class LibraryIT {
    private static final PostgresServer POSTGRES = PostgresServers.shared();
    private static final ElasticsearchServer ELASTICSEARCH = ElasticsearchServers.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String database = POSTGRES.createDatabase();
    private final PostgresConnections connections = PostgresConnections.to(
            PostgresSettings.plain(POSTGRES.host(), POSTGRES.port(), database, POSTGRES.user(), POSTGRES.password()),
            4);

    @BeforeEach
    void makeATable() {
        execute("CREATE TABLE book (id int PRIMARY KEY, title text)");
    }

    @AfterEach
    void close() {
        connections.close().block(PATIENCE);
    }

    @Test
    void changesComeInCommitOrder() {
        var log = new ChangeLog(connections);
        log.prepare(Set.of(new TableName("public", "book"))).block(PATIENCE);
        execute("INSERT INTO book VALUES (1, 'one')");
        execute("UPDATE book SET title = 'two'");

        StepVerifier.create(log.lines().take(2))
                .expectNext("RowInserted public.book", "RowUpdated public.book")
                .expectComplete()
                .verify(PATIENCE);
        log.remove().block(PATIENCE);
    }

    @Test
    void documentsFollowTheRows(@TempDir Path directory) throws Exception {
        String index = ELASTICSEARCH.freshIndexName("library");
        Path schema = Files.writeString(directory.resolve("schema.json"), """
                [{"database": "%s", "index": "%s", "nodes": {"table": "book"}}]""".formatted(database, index));

        int port = LoopbackPort.free();

        try (var search = SearchInStep.start(Map.of(
                "SCHEMA", schema.toString(),
                "PG_URL", POSTGRES.url(database),
                "ELASTICSEARCH_URL", ELASTICSEARCH.url().toString(),
                "PGSYNC_HTTP_PORT", Integer.toString(port)))) {
            assertThat(search).isNotNull();
            execute("INSERT INTO book VALUES (7, 'seven')");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(document(index, "7")).contains("\"seven\""));

            execute("UPDATE book SET title = 'eight'");
            var shown = new AtomicReference<>("");
            new FreshPage(URI.create("http://127.0.0.1:" + port))
                    .show(position(), index, () -> shown.set(document(index, "7")))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(shown.get()).contains("\"eight\"");
        }
        execute("SELECT pg_drop_replication_slot('pgsync_" + database + "')");
    }

    private void execute(String sql) {
        connections.execute(sql).block(PATIENCE);
    }

    private String position() {
        return connections
                .query("SELECT pg_current_wal_lsn()::text", row -> row.get(0, String.class))
                .blockFirst(PATIENCE);
    }

    private static String document(String index, String id) {
        var request = HttpRequest.newBuilder(ELASTICSEARCH.url().resolve("/" + index + "/_source/" + id))
                .build();
        return HttpClient.newHttpClient()
                .sendAsync(request, BodyHandlers.ofString())
                .join()
                .body();
    }
}
