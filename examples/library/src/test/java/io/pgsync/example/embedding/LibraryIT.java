package io.pgsync.example.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgsync.cli.config.Environment;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.console.Terminal;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.cli.run.Commands;
import io.pgsync.core.change.TableName;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.ElasticsearchSettings;
import io.pgsync.embedded.LoopbackPort;
import io.pgsync.embedded.elasticsearch.ElasticsearchServer;
import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import io.pgsync.embedded.postgres.PostgresServer;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresSettings;
import io.pgsync.replication.stream.StreamSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class LibraryIT {
    private static final PostgresServer POSTGRES = PostgresServers.shared();
    private static final ElasticsearchServer ELASTICSEARCH = ElasticsearchServers.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String database = POSTGRES.createDatabase();
    private final String index = ELASTICSEARCH.freshIndexName("library");
    private final PostgresConnections connections = PostgresConnections.to(
            PostgresSettings.plain(POSTGRES.host(), POSTGRES.port(), database, POSTGRES.user(), POSTGRES.password()),
            4);

    @BeforeEach
    void makeATable() {
        execute("CREATE TABLE book (id int PRIMARY KEY, title text)");
    }

    @AfterEach
    void close() {
        // The server lets go of a slot a moment after its stream was closed.
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(
                        () -> execute(
                                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()"));
        connections.close().block(PATIENCE);
    }

    @Test
    void changesComeInCommitOrder() {
        var log = new ChangeLog(connections, new StreamSettings("change_log", "change_log"));
        log.prepare(Set.of(new TableName("public", "book"))).block(PATIENCE);
        execute("INSERT INTO book VALUES (1, 'one')");
        execute("UPDATE book SET title = 'two'");

        StepVerifier.create(log.lines().take(2))
                .expectNext("RowInserted public.book", "RowUpdated public.book")
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void documentsOfAnyOriginAreStoredAndTheLaterWins() {
        request("PUT", "/" + index, "{\"mappings\": {\"properties\": {\"pages\": {\"type\": \"integer\"}}}}");
        try (var engine = ElasticsearchConnection.open(
                ElasticsearchSettings.of(ELASTICSEARCH.url().toString()), Schedulers.boundedElastic())) {
            var feed = new DocumentFeed(engine, index, 1);
            var documents = Flux.just(
                    feed.document("7", "{\"title\": \"early\"}"),
                    feed.document("8", "{\"pages\": \"many\"}"),
                    feed.document("7", "{\"title\": \"late\"}"));

            var refused = feed.store(documents).collectList().block(PATIENCE);

            assertThat(refused).extracting(refusal -> refusal.change().id()).containsExactly("8");
            assertThat(document("7")).contains("late");
        }
    }

    @Test
    void aPageShowsWhatItsReaderSavedWhereADaemonFollows(@TempDir Path directory) throws Exception {
        int port = LoopbackPort.free();
        var daemon = new Commands(
                Settings.read(Environment.of(Map.of(
                        "SCHEMA", schema(directory).toString(),
                        "PG_URL", POSTGRES.url(database),
                        "ELASTICSEARCH_URL", ELASTICSEARCH.url().toString(),
                        "PGSYNC_HTTP_PORT", Integer.toString(port)))),
                Terminal.standardError());
        daemon.bootstrap();
        Sinks.Empty<Void> stop = Sinks.empty();
        var end = CompletableFuture.supplyAsync(() -> daemon.follow(stop.asMono()), task -> new Thread(task).start());
        var page = new FreshPage(URI.create("http://127.0.0.1:" + port));
        execute("INSERT INTO book VALUES (7, 'eight')");
        String saved = position();

        var shown = new AtomicReference<>("");
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> page.show(saved, index, () -> shown.set(document("7")))
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS));

        assertThat(shown.get()).contains("\"eight\"");
        stop.tryEmitEmpty();
        assertThat(end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
    }

    private Path schema(Path directory) throws IOException {
        return Files.writeString(directory.resolve("schema.json"), """
                [{"database": "%s", "index": "%s", "nodes": {"table": "book"}}]""".formatted(database, index));
    }

    private void execute(String sql) {
        connections.execute(sql).block(PATIENCE);
    }

    private String position() {
        return connections
                .query("SELECT pg_current_wal_lsn()::text", row -> row.get(0, String.class))
                .blockFirst(PATIENCE);
    }

    private String document(String id) {
        return request("GET", "/" + index + "/_source/" + id, "");
    }

    private static String request(String method, String path, String body) {
        var request = HttpRequest.newBuilder(ELASTICSEARCH.url().resolve(path))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient()
                .sendAsync(request, BodyHandlers.ofString())
                .join()
                .body();
    }
}
