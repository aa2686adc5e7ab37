package io.pgsync.example.embedding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchInStepIT {
    @Test
    void aRowIsFoundOnceItIsReadable(@TempDir Path directory) throws Exception {
        var postgres = PostgresServers.shared();
        var engine = ElasticsearchServers.shared().url();
        String database = postgres.createDatabase();
        var there = PostgresSettings.plain(
                postgres.host(), postgres.port(), database, postgres.user(), postgres.password());
        var shop = PostgresConnections.to(there, 1);
        shop.execute("CREATE TABLE book (id int PRIMARY KEY, title text)").block();
        Path schema = Files.writeString(directory.resolve("schema.json"), """
                [{"database": "%s", "index": "%s", "nodes": {"table": "book"}}]""".formatted(database, database));

        try (var search = SearchInStep.start(schema, there, engine.toString())) {
            shop.execute("INSERT INTO book VALUES (7, 'seven')").block();
            String saved = shop.query("SELECT pg_current_wal_insert_lsn()::text", row -> row.get(0, String.class))
                    .blockLast();
            search.readable(saved).get(1, MINUTES);

            assertThat(engine.resolve("/" + database + "/_source/7").toURL().openStream())
                    .asString(UTF_8)
                    .contains("seven");
        }
        shop.close().block();
    }
}
