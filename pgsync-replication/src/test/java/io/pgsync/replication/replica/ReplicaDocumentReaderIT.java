package io.pgsync.replication.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Tables;
import io.pgsync.core.tree.Trees;
import io.pgsync.embedded.postgres.EmbeddedPostgres;
import io.pgsync.replication.TestDatabase;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresSettings;
import io.pgsync.replication.connection.ServerIdentity;
import io.pgsync.replication.query.PostgresDocumentReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

/** A primary and its standby, whose replay is held up where a test wants it. */
class ReplicaDocumentReaderIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final RootKey ROOT = new RootKey("shop", List.of("1"));

    private final DocumentTree tree = Trees.nodes("{'table': 't'}", Tables.table("t", "id int4 pk, name text"));
    private final EmbeddedPostgres primary =
            EmbeddedPostgres.builder().setting("wal_keep_size", "64MB").start();
    private final TestDatabase database = TestDatabase.on(primary);
    private final EmbeddedPostgres standby;
    private final PostgresConnections toStandby;
    private final DocumentReader ofStandby;
    private final Replicas replicas;
    private final DocumentReader reader;

    ReplicaDocumentReaderIT() {
        database.execute("CREATE TABLE t (id int PRIMARY KEY, name text); INSERT INTO t VALUES (1, 'first')");
        standby = primary.standby();
        toStandby = PostgresConnections.to(
                PostgresSettings.plain(
                        standby.host(),
                        standby.port(),
                        database.connections().settings().database(),
                        standby.user(),
                        standby.password()),
                2);
        ofStandby = new PostgresDocumentReader(toStandby, List.of(tree));
        replicas =
                new Replicas(List.of(Replica.of(toStandby, ofStandby)), Duration.ofSeconds(5), Schedulers.parallel());
        reader = ReplicaDocumentReader.following(primaryReader(), replicas, database.connections());
    }

    private DocumentReader primaryReader() {
        return new PostgresDocumentReader(database.connections(), List.of(tree));
    }

    @AfterEach
    void close() {
        toStandby.close().block(PATIENCE);
        database.close();
        standby.close();
        primary.close();
    }

    private void rename(String name) {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(SyncException.class)
                .untilAsserted(() -> database.execute("UPDATE t SET name = '" + name + "'"));
    }

    private void requireNow() {
        ServerIdentity now = ServerIdentity.read(database.connections()).block(PATIENCE);
        reader.require(now.source("any"), now.currentLsn());
    }

    private String read(DocumentReader from) {
        DocumentChange change = from.read(tree, List.of(ROOT)).blockLast(PATIENCE);
        return new String(((Upsert) change).source(), StandardCharsets.UTF_8)
                .replaceAll(".*\"name\" ?: ?\"(\\w+)\".*", "$1");
    }

    private void onStandby(String statement) {
        toStandby.query("SELECT " + statement + "::text", row -> true).blockLast(PATIENCE);
    }

    @Test
    void whatWasCommittedIsNeverReadFromAStandbyThatDoesNotShowIt() {
        onStandby("pg_wal_replay_pause()");
        rename("second");
        assertThat(read(ofStandby)).isEqualTo("first");

        requireNow();
        CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> read(reader));
        await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(() -> !read.isDone());
        onStandby("pg_wal_replay_resume()");
        assertThat(read.join()).isEqualTo("second");

        // Past the patience the primary answers.
        onStandby("pg_wal_replay_pause()");
        rename("third");
        requireNow();
        assertThat(read(reader)).isEqualTo("third");
        assertThat(read(ofStandby)).isEqualTo("second");
        onStandby("pg_wal_replay_resume()");
    }

    @Test
    void aComparisonReadsWhatIsCommittedNow() {
        var present = ReplicaDocumentReader.ofThePresent(primaryReader(), replicas, database.connections());
        for (String name : List.of("a", "b", "c", "d")) {
            rename(name);
            assertThat(read(present)).isEqualTo(name);
        }
    }

    @Test
    void nothingIsReadFromAStandbyThatWasPromoted() {
        requireNow();
        assertThat(read(reader)).isEqualTo("first");

        standby.promote();
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> toStandby.execute("UPDATE t SET name = 'split'").block(PATIENCE));
        rename("second");
        requireNow();

        assertThat(read(ofStandby)).isEqualTo("split");
        assertThat(read(reader)).isEqualTo("second");
    }
}
