package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.cli.config.Environment;
import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.console.Terminal;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.embedded.elasticsearch.ElasticsearchServer;
import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import io.pgsync.embedded.postgres.PostgresServer;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.torture.truth.DocumentComparison;
import io.pgsync.torture.truth.RowByRowTruth;
import io.pgsync.torture.truth.TrueDocument;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The promise of the whole: what the commands leave in the index equals what the tables say, document by document. */
class BookshopE2eIT {
    private static final PostgresServer POSTGRES = PostgresServers.shared();
    private static final ElasticsearchServer ELASTICSEARCH = ElasticsearchServers.shared();
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final String index = ELASTICSEARCH.freshIndexName("books");
    private String database = "";
    private ArrayNode schema = JSON.createArrayNode();
    private Connection connection;
    private Commands sync;

    @BeforeEach
    void openTheShop() throws Exception {
        database = POSTGRES.createDatabase();
        connection = DriverManager.getConnection(POSTGRES.jdbcUrl(database), POSTGRES.user(), POSTGRES.password());
        execute(resource("bookshop.sql"));
        schema = (ArrayNode) JSON.readTree(resource("schema.json"));
        ((ObjectNode) schema.get(0)).put("database", database).put("index", index);
        sync = sync();
    }

    @AfterEach
    void closeTheShop() throws SQLException {
        sync.tearDown();
        connection.close();
    }

    @Test
    void aOneShotLoadsAndALaterOneCatchesUp() throws Exception {
        sync.bootstrap();

        assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.OK);
        assertThat(differences()).isEmpty();

        execute("UPDATE author SET name = 'Somebody Else' WHERE id = 3; DELETE FROM book WHERE id = 4");
        assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.OK);
        assertThat(differences()).isEmpty();
    }

    @Test
    void aDaemonFollowsChangesOfEveryTableAndEndsWell() throws Exception {
        sync.bootstrap();
        Sinks.Empty<Void> stop = Sinks.empty();
        var end = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);

        for (String statement : List.of(
                "INSERT INTO book VALUES (20, 'New', '2026-01-01', 1.00, 1); INSERT INTO book_author VALUES (20, 1)",
                "UPDATE publisher SET name = 'Renamed' WHERE id = 1",
                "UPDATE book SET publisher_id = NULL WHERE id = 3",
                "UPDATE book SET id = 30 WHERE id = 5",
                "UPDATE reader SET name = 'Renamed' WHERE id = 3",
                "UPDATE review SET book_id = 9 WHERE id = 1",
                "UPDATE book_author SET author_id = 6 WHERE book_id = 7",
                "DELETE FROM review WHERE id = 7",
                "TRUNCATE review")) {
            execute(statement.startsWith("UPDATE book SET id") ? movable(statement) : statement);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(differences()).as(statement).isEmpty());
        }

        stop.tryEmitEmpty();
        assertThat(end.get(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
    }

    @Test
    void bootstrapMayBeRepeatedAndKeepsWhatIsSound() throws Exception {
        sync.bootstrap();
        sync.catchUp(Mono.never());

        assertThat(sync.bootstrap()).isEqualTo(ExitCode.OK);

        execute("UPDATE book SET title = 'Changed' WHERE id = 1");
        sync.catchUp(Mono.never());
        assertThat(differences()).isEmpty();
    }

    @Test
    void aLostSlotIsAGapThatBootstrapRepairs() throws Exception {
        sync.bootstrap();
        sync.catchUp(Mono.never());
        execute(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()");
        execute("DELETE FROM book WHERE id = 1; UPDATE book SET title = 'Unseen' WHERE id = 2");

        assertThatThrownBy(() -> sync.catchUp(Mono.never()))
                .isInstanceOfSatisfying(
                        SyncException.class,
                        failure -> assertThat(failure.remedy()).isEqualTo(Remedy.REPAIR));
        sync.bootstrap();
        sync.catchUp(Mono.never());

        assertThat(differences()).isEmpty();
    }

    @Test
    void asksForBootstrapWhenNothingIsPrepared() {
        assertThatThrownBy(() -> sync.catchUp(Mono.never()))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("pgsync bootstrap");
    }

    private Commands sync() throws Exception {
        Path file = Files.writeString(directory.resolve("schema.json"), schema.toString());
        Map<String, String> variables = new HashMap<>();
        variables.put(Setting.SCHEMA.name(), file.toString());
        variables.put(Setting.PG_URL.name(), POSTGRES.url(database));
        variables.put(Setting.ELASTICSEARCH_URL.name(), ELASTICSEARCH.url().toString());
        variables.put(
                Setting.PGSYNC_DEAD_LETTERS.name(),
                directory.resolve("refused.jsonl").toString());
        return new Commands(Settings.read(Environment.of(variables)), Terminal.standardError());
    }

    /** Foreign keys of the shop do not cascade updates of keys; the old children go first. */
    private static String movable(String update) {
        return "DELETE FROM book_author WHERE book_id = 5; DELETE FROM review WHERE book_id = 5; " + update;
    }

    private String differences() throws Exception {
        return DocumentComparison.differences(RowByRowTruth.of(connection, schema), indexed());
    }

    private List<TrueDocument> indexed() throws Exception {
        get("/" + index + "/_refresh");
        return TrueDocument.ofHits(get("/" + index + "/_search?size=1000"), hit -> index);
    }

    private String get(String path) throws Exception {
        URI address = ELASTICSEARCH.url().resolve(path);
        return http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String resource(String name) throws Exception {
        try (var stream = Objects.requireNonNull(Commands.class.getResourceAsStream("/io/pgsync/cli/demo/" + name))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
