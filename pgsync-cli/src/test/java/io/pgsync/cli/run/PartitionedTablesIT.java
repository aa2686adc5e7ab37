package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Sinks;

/** Rows of partitions are logged under their root's name and identity, whatever the partition's own identity is. */
class PartitionedTablesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String TABLES = """
            CREATE TABLE shelf (id int PRIMARY KEY, label text);
            CREATE TABLE item (id int, shelf_id int REFERENCES shelf, word text, PRIMARY KEY (id)) PARTITION BY RANGE (id);
            ALTER TABLE item ALTER word SET STORAGE EXTERNAL;
            CREATE TABLE item_1 PARTITION OF item FOR VALUES FROM (0) TO (100);
            INSERT INTO shelf SELECT i, 'shelf ' || i FROM generate_series(1, 9) i;
            INSERT INTO item SELECT i, i, repeat('long', 3000) FROM generate_series(1, 4) i""";
    private static final String NODES = """
            {"table": "shelf", "children": [{"table": "item", "columns": ["id", "shelf_id"],
             "relationship": {"type": "one_to_many", "variant": "object"}}]}""";

    @TempDir
    private Path directory;

    @Test
    void changesOfPartitionsMadeAfterTheIdentityWasSetReachBothEnds() throws Exception {
        try (var shop = Shop.open(directory)) {
            shop.execute(TABLES);
            shop.addDocument(NODES);
            var sync = shop.sync(Map.of());
            sync.bootstrap(ReplicaIdentityMode.FULL);
            shop.execute("CREATE TABLE item_2 PARTITION OF item FOR VALUES FROM (100) TO (200);"
                    + " INSERT INTO item SELECT i, i - 100, repeat('long', 3000) FROM generate_series(101, 106) i");
            assertThat(
                            shop.list(
                                    "SELECT relreplident::text FROM pg_class WHERE relname IN ('item', 'item_2') ORDER BY relname"))
                    .containsExactly("f", "d");
            Sinks.Empty<Void> stop = Sinks.empty();
            var daemon = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
            awaitRight(shop);

            change(shop, "DELETE FROM item WHERE id = 101");
            change(shop, "UPDATE item SET shelf_id = 9 WHERE id = 102");
            change(shop, "UPDATE item SET shelf_id = NULL WHERE id = 103");
            change(shop, "UPDATE item SET id = 150, shelf_id = 8 WHERE id = 104");
            change(shop, "UPDATE item SET id = 50 WHERE id = 105");
            change(shop, "UPDATE item SET id = 160, shelf_id = 7 WHERE id = 1");
            change(shop, "DELETE FROM item WHERE id = 2; UPDATE item SET shelf_id = 6 WHERE id = 3");
            stop.tryEmitEmpty();
            assertThat(daemon.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
        }
    }

    /** Of all this the log says nothing; nobody asks for a load. */
    @Test
    void partitionsThatComeAndGoReachTheIndexByThemselves() throws Exception {
        try (var shop = Shop.open(directory)) {
            shop.execute(TABLES);
            shop.execute("""
                    CREATE TABLE zone (id int PRIMARY KEY, item_id int) PARTITION BY RANGE (id);
                    CREATE TABLE zone_1 PARTITION OF zone FOR VALUES FROM (0) TO (100);
                    INSERT INTO zone SELECT i, i FROM generate_series(1, 4) i""");
            shop.addDocument(NODES);
            String zones = shop.addDocument("""
                    {"table": "zone", "columns": ["id"], "children": [{"table": "item", "columns": ["id"],
                     "relationship": {"type": "one_to_one", "variant": "object",
                                      "foreign_key": {"parent": ["item_id"], "child": ["id"]}}}]}""");
            var sync = shop.sync(Map.of());
            sync.bootstrap(ReplicaIdentityMode.KEEP);
            Sinks.Empty<Void> stop = Sinks.empty();
            var daemon = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
            awaitRight(shop);

            change(shop, "CREATE TABLE item_3 (LIKE item INCLUDING ALL); INSERT INTO item_3 VALUES (301, 5, 'came')");
            change(shop, "ALTER TABLE item ATTACH PARTITION item_3 FOR VALUES FROM (300) TO (400)");
            change(shop, "ALTER TABLE item DETACH PARTITION item_1");
            // While it is away its rows change, and nobody is told.
            shop.execute("ALTER TABLE item DETACH PARTITION item_3");
            shop.execute("UPDATE item_3 SET shelf_id = 6; INSERT INTO item_3 VALUES (302, 7, 'more')");
            change(shop, "ALTER TABLE item ATTACH PARTITION item_3 FOR VALUES FROM (300) TO (400)");
            change(shop, "ALTER TABLE item ATTACH PARTITION item_1 FOR VALUES FROM (0) TO (100)");
            change(shop, "DROP TABLE item_3");
            change(
                    shop,
                    "BEGIN; CREATE TABLE item_4 (LIKE item INCLUDING ALL); INSERT INTO item_4 VALUES (401, 9, 'at once');"
                            + " ALTER TABLE item ATTACH PARTITION item_4 FOR VALUES FROM (400) TO (500); COMMIT");
            change(
                    shop,
                    "CREATE TABLE zone_2 (LIKE zone INCLUDING ALL); INSERT INTO zone_2 VALUES (101, 1), (102, 2);"
                            + "ALTER TABLE zone ATTACH PARTITION zone_2 FOR VALUES FROM (100) TO (200)");
            change(shop, "ALTER TABLE zone DETACH PARTITION zone_1");

            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(shop.get("/pgsync_state/_doc/" + zones)).contains("zone", "\"phase\":\"DONE\""));
            assertThat(status(shop)).contains("\"loaded_because\"", "were detached or dropped");
            stop.tryEmitEmpty();
            assertThat(daemon.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
        }
    }

    /** An index shows rows of a partition that was there for a moment only, because a document was read meanwhile. */
    @Test
    void aPartitionThatCameAndLeftBetweenTwoLooksLeavesNothing() throws Exception {
        try (var shop = Shop.open(directory)) {
            shop.execute(TABLES);
            shop.execute("CREATE TABLE item_3 (LIKE item INCLUDING ALL); INSERT INTO item_3 VALUES (301, 5, 'came')");
            String shelves = shop.addDocument(NODES);
            var sync = shop.sync(Map.of());
            sync.bootstrap(ReplicaIdentityMode.KEEP);
            Sinks.Empty<Void> stop = Sinks.empty();
            var daemon = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
            // What is announced for the first time has pgsync look at everything.
            change(shop, "UPDATE shelf SET label = 'known' WHERE id = 1");

            shop.execute("ALTER TABLE item ATTACH PARTITION item_3 FOR VALUES FROM (300) TO (400)");
            shop.execute("UPDATE shelf SET label = 'read' WHERE id = 5");
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(shop.get("/" + shelves + "/_doc/5")).contains("read", "301"));
            shop.execute("ALTER TABLE item DETACH PARTITION item_3");

            awaitRight(shop);
            stop.tryEmitEmpty();
            assertThat(daemon.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
        }
    }

    private static String status(Shop shop) throws Exception {
        var out = new StringWriter();
        new StatusRun(
                        shop.settings(Map.of()),
                        new PrintWriter(out),
                        new StatusRun.Form(true, Duration.ofMillis(100), false))
                .print();
        return out.toString();
    }

    private static void change(Shop shop, String sql) throws Exception {
        shop.execute(sql);
        awaitRight(shop);
    }

    private static void awaitRight(Shop shop) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shop.differences()).isEmpty());
    }
}
