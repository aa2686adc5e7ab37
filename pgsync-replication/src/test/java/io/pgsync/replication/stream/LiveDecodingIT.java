package io.pgsync.replication.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.embedded.postgres.EmbeddedPostgres;
import io.pgsync.replication.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** What servers of every supported version send is what the decoder says it is. */
class LiveDecodingIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void decodesWhatTheServerSends(int major) {
        try (var server = EmbeddedPostgres.builder().majorVersion(major).start();
                var database = TestDatabase.on(server)) {
            createTables(database);
            StreamSettings settings = database.publishAll("live", "publish_via_partition_root = true");

            change(database);

            assertThat(read(database, settings))
                    .containsExactly(
                            "BEGIN",
                            "INSERT book (id=1, title=a, body=5120 characters, at=2024-02-29 11:00:00+00)",
                            "INSERT book (id=2, title=null, body=null, at=null)",
                            "COMMIT",
                            // The key stayed: no old row, and no value for what lies out of line.
                            "BEGIN",
                            "UPDATE book (id=1, title=b, body=?, at=2024-02-29 11:00:00+00)",
                            "COMMIT",
                            "BEGIN",
                            "UPDATE book KEY(id=2, title=?, body=?, at=?) -> (id=3, title=null, body=null, at=null)",
                            "DELETE book KEY(id=3, title=?, body=?, at=?)",
                            "COMMIT",
                            // The old row is complete, so nothing stays open in the new one.
                            "BEGIN",
                            "INSERT note (id=1, body=5120 characters)",
                            "UPDATE note FULL(id=1, body=5120 characters) -> (id=2, body=5120 characters)",
                            "DELETE note FULL(id=2, body=5120 characters)",
                            "COMMIT",
                            "BEGIN",
                            "INSERT sale (id=1, year=2024)",
                            "UPDATE sale (id=1, year=2024)",
                            "INSERT sale (id=2, year=2025)",
                            "COMMIT",
                            "BEGIN",
                            "INSERT total (price=2)",
                            "COMMIT",
                            "BEGIN",
                            "INSERT book (id=10, title=kept, body=null, at=null)",
                            "INSERT book (id=12, title=kept, body=null, at=null)",
                            "COMMIT",
                            "BEGIN",
                            "TRUNCATE [book, note]",
                            "COMMIT",
                            "MESSAGE loose outside",
                            "BEGIN",
                            "INSERT book (id=20, title=null, body=null, at=null, pages=7)",
                            "MESSAGE test end");
        }
    }

    private static void createTables(TestDatabase database) {
        database.execute(
                "CREATE TABLE book (id int PRIMARY KEY, title text, body text, at timestamptz)",
                "ALTER TABLE book ALTER body SET STORAGE EXTERNAL",
                "CREATE TABLE note (id int PRIMARY KEY, body text)",
                "ALTER TABLE note ALTER body SET STORAGE EXTERNAL",
                "ALTER TABLE note REPLICA IDENTITY FULL",
                "CREATE TABLE sale (id int, year int, PRIMARY KEY (id, year)) PARTITION BY LIST (year)",
                "CREATE TABLE sale_2024 PARTITION OF sale FOR VALUES IN (2024)",
                "CREATE TABLE sale_2025 PARTITION OF sale FOR VALUES IN (2025)",
                "CREATE TABLE total (price int PRIMARY KEY, doubled int GENERATED ALWAYS AS (price * 2) STORED)");
    }

    private static void change(TestDatabase database) {
        database.execute(
                "INSERT INTO book VALUES (1, 'a', repeat('toast', 1024), '2024-02-29 12:00+01'), (2, NULL, NULL, NULL)",
                "UPDATE book SET title = 'b' WHERE id = 1",
                "UPDATE book SET id = 3 WHERE id = 2; DELETE FROM book WHERE id = 3",
                "INSERT INTO note VALUES (1, repeat('toast', 1024)); UPDATE note SET id = 2; DELETE FROM note",
                "INSERT INTO sale VALUES (1, 2024); UPDATE sale SET id = 1; INSERT INTO sale VALUES (2, 2025)",
                "INSERT INTO total VALUES (2)",
                """
                BEGIN;
                INSERT INTO book VALUES (10, 'kept');
                SAVEPOINT s;
                INSERT INTO book VALUES (11, 'rolled back');
                ROLLBACK TO s;
                INSERT INTO book VALUES (12, 'kept');
                COMMIT""",
                "BEGIN; INSERT INTO book VALUES (13, 'rolled back'); ROLLBACK",
                "TRUNCATE book, note");
        database.ask("SELECT pg_logical_emit_message(false, 'loose', 'outside')");
        database.execute("ALTER TABLE book ADD pages int");
        database.execute("INSERT INTO book (id, pages) VALUES (20, 7);"
                + " SELECT pg_logical_emit_message(true, 'test', 'end')");
    }

    private static List<String> read(TestDatabase database, StreamSettings settings) {
        return Flux.usingWhen(
                        ReplicationStream.open(database.connections(), settings),
                        stream -> stream.changes().map(EventText::of).takeUntil("MESSAGE test end"::equals),
                        ReplicationStream::close)
                // When a table is announced, and whether a transaction that published nothing shows, depends on the
                // version.
                .filter(text -> !text.startsWith("RELATION"))
                .collectList()
                .map(LiveDecodingIT::withoutEmptyTransactions)
                .block(PATIENCE);
    }

    private static List<String> withoutEmptyTransactions(List<String> texts) {
        return List.of(String.join("\n", texts).replace("BEGIN\nCOMMIT\n", "").split("\n"));
    }
}
