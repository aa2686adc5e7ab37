package io.pgsync.replication.stream;

import io.pgsync.core.change.RowChange;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class TextsWithoutEncodingIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void theStreamGoesOnBehindBytesThatAreNoText() {
        try (var database = TestDatabase.withoutEncoding(PostgresServers.shared())) {
            database.execute("CREATE TABLE book (id int PRIMARY KEY, title text)");
            StreamSettings settings = database.publishAll("bytes", "publish_via_partition_root = true");
            database.execute(
                    "INSERT INTO book VALUES (1, 'Größe')",
                    "INSERT INTO book VALUES (2, convert_from('\\xff41', 'SQL_ASCII'))",
                    "INSERT INTO book VALUES (3, chr(65) || convert_from('\\xefbfbd', 'SQL_ASCII'))");

            StepVerifier.create(rows(database, settings))
                    .expectNext("INSERT book (id=1, title=Größe)")
                    .expectNext("INSERT book (id=2, title=no text)")
                    .expectNext("INSERT book (id=3, title=A\uFFFD)")
                    .expectComplete()
                    .verify(PATIENCE);
            database.ask("SELECT pg_drop_replication_slot('bytes')");
        }
    }

    private static Flux<String> rows(TestDatabase database, StreamSettings settings) {
        return Flux.usingWhen(
                ReplicationStream.open(database.connections(), settings),
                stream -> stream.changes()
                        .filter(RowChange.class::isInstance)
                        .<String>map(EventText::of)
                        .take(3),
                ReplicationStream::close);
    }
}
