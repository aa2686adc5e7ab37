package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.embedded.postgres.PostgresServer;
import io.pgsync.embedded.postgres.PostgresServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/** A database of the encoding SQL_ASCII takes any bytes. Those that are not UTF-8 cost their own document, and no other. */
class TextsWithoutEncodingIT {
    private static final String NOT_UTF_8 = "convert_from('\\xff', 'SQL_ASCII')";

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path directory;

    @Test
    void onlyTheDocumentWithTheTextIsRefused() throws Exception {
        try (var shop = Shop.open(new EncodedServer(PostgresServers.shared(), "SQL_ASCII"), directory)) {
            var sync = shop.sync(Map.of());
            sync.bootstrap();
            sync.catchUp(Mono.never());

            shop.execute("INSERT INTO book (id, title, price) VALUES (901, " + NOT_UTF_8 + ", 1)");
            shop.execute("UPDATE book SET title = " + NOT_UTF_8 + " WHERE id = 1");
            shop.execute("UPDATE book SET title = 'Readable' WHERE id = 2");
            assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.OK);

            assertThat(shop.document("2")).contains("Readable");
            assertThat(shop.document("901")).isEmpty();
            assertThat(Files.readAllLines(directory.resolve("refused.jsonl")))
                    .anyMatch(line -> line.contains("\"id\":\"1\""))
                    .anyMatch(line -> line.contains("\"id\":\"901\""))
                    .allMatch(line -> line.contains("\"id\":\"1\"") || line.contains("\"id\":\"901\""));

            shop.execute("UPDATE book SET title = 'Mended' WHERE id IN (1, 901)");
            assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.OK);
            assertThat(shop.differences()).isEmpty();
        }
    }

    /** As such a row is loaded, and as it comes while following. */
    @Test
    void aRootWhoseKeyIsNoTextIsRefusedAlone() throws Exception {
        try (var shop = Shop.open(new EncodedServer(PostgresServers.shared(), "SQL_ASCII"), directory)) {
            shop.execute("CREATE TABLE shelf (code text PRIMARY KEY, label text)");
            shop.execute("INSERT INTO shelf SELECT 's' || i, 'old' FROM generate_series(1, 40) i");
            shop.execute("INSERT INTO shelf VALUES ('s1' || " + NOT_UTF_8 + ", 'loaded')");
            String shelves = shop.addDocument("{\"table\": \"shelf\"}");
            var sync = shop.sync(Map.of("QUERY_CHUNK_SIZE", "4"));
            sync.bootstrap();
            assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.OK);
            assertThat(count(shop, shelves)).isEqualTo(40);
            assertThat(refused()).contains("\"id\":\"s1\\\\xff\"", "the key is not valid text");

            shop.execute("INSERT INTO shelf VALUES ('t' || " + NOT_UTF_8 + ", 'followed'), ('u', 'good')");
            shop.execute("DELETE FROM shelf WHERE code = 's1' || " + NOT_UTF_8);
            assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.OK);

            assertThat(count(shop, shelves)).isEqualTo(41);
            assertThat(refused()).contains("\"id\":\"t\\\\xff\"");
        }
    }

    @Test
    void aRowThatNoDocumentCanBeFoundForIsADivergence() throws Exception {
        try (var shop = Shop.open(new EncodedServer(PostgresServers.shared(), "SQL_ASCII"), directory)) {
            shop.execute("CREATE TABLE shelf (id int PRIMARY KEY, code text UNIQUE)");
            shop.execute("CREATE TABLE label (id text PRIMARY KEY, code text REFERENCES shelf (code))");
            shop.execute("INSERT INTO shelf VALUES (1, 'a'), (2, " + NOT_UTF_8 + ")");
            String shelves = shop.addDocument("""
                    {"table": "shelf", "columns": ["id"], "children": [{"table": "label", "columns": ["id"],
                      "relationship": {"variant": "scalar", "type": "one_to_many"}}]}""");
            var sync = shop.sync(Map.of());
            sync.bootstrap();
            assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.OK);

            shop.execute("INSERT INTO label VALUES (" + NOT_UTF_8 + ", " + NOT_UTF_8 + ")");

            assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.CONFIGURATION);
            assertThat(shop.get("/pgsync_state/_doc/" + shelves)).contains("ROWS_UNREADABLE", "public.label", "(code)");
        }
    }

    /** The server can convert all of LATIN1, and not all of the others. */
    @ParameterizedTest
    @CsvSource({"LATIN1, e4, ''", "EUC_JP, a4a2, a2af", "WIN1252, e4, 81"})
    void aTextThatUtf8HasNotCostsItsOwnDocument(String encoding, String good, String bad) throws Exception {
        try (var shop = Shop.open(new EncodedServer(PostgresServers.shared(), encoding), directory)) {
            String text = "convert_from('\\x%s', '" + encoding + "')";
            shop.execute("CREATE TABLE note (code text PRIMARY KEY, body text)");
            shop.execute(
                    "INSERT INTO note VALUES ('a', " + text.formatted(good) + "), ('b', " + text.formatted(bad) + ")");
            String notes = shop.addDocument("{\"table\": \"note\"}");
            var sync = shop.sync(Map.of());
            sync.bootstrap();
            assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.OK);
            int loaded = bad.isEmpty() ? 2 : 1;
            assertThat(count(shop, notes)).isEqualTo(loaded);

            shop.execute("INSERT INTO note VALUES ('c', " + text.formatted(bad) + ")");
            shop.execute("INSERT INTO note VALUES (" + text.formatted(good) + ", " + text.formatted(good) + ")");
            shop.execute("UPDATE note SET body = 'new' WHERE code = 'a'");
            assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.OK);

            assertThat(count(shop, notes)).isEqualTo(2 * loaded + (bad.isEmpty() ? 0 : 0));
            assertThat(shop.differences(shop.index())).isEmpty();
        }
    }

    private static int count(Shop shop, String index) throws Exception {
        shop.get("/" + index + "/_refresh");
        return JSON.readTree(shop.get("/" + index + "/_count")).path("count").asInt(-1);
    }

    private String refused() throws Exception {
        return Files.readString(directory.resolve("refused.jsonl"));
    }

    private record EncodedServer(PostgresServer server, String encoding) implements PostgresServer {
        @Override
        public String host() {
            return server.host();
        }

        @Override
        public int port() {
            return server.port();
        }

        @Override
        public String user() {
            return server.user();
        }

        @Override
        public String password() {
            return server.password();
        }

        @Override
        public String createDatabase() {
            String name = server.createDatabase();
            try (var connection = DriverManager.getConnection(jdbcUrl(name), user(), password());
                    var statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE %s_encoded ENCODING '%s' LOCALE 'C' TEMPLATE template0"
                        .formatted(name, encoding));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return name + "_encoded";
        }

        @Override
        public void close() {}
    }
}
