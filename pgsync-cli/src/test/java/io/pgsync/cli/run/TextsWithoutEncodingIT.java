package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

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
import reactor.core.publisher.Mono;

/** A database of the encoding SQL_ASCII takes any bytes. Those that are not UTF-8 cost their own document, and no other. */
class TextsWithoutEncodingIT {
    private static final String NOT_UTF_8 = "convert_from('\\xff', 'SQL_ASCII')";

    @TempDir
    private Path directory;

    @Test
    void onlyTheDocumentWithTheTextIsRefused() throws Exception {
        try (var shop = Shop.open(new BytesServer(PostgresServers.shared()), directory)) {
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

    /** Its new databases have no encoding. */
    private record BytesServer(PostgresServer server) implements PostgresServer {
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
                statement.execute(
                        "CREATE DATABASE " + name + "_bytes ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return name + "_bytes";
        }

        @Override
        public void close() {}
    }
}
