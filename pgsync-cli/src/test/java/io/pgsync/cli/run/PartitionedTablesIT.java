package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.runtime.config.ReplicaIdentityMode;
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

    private static void change(Shop shop, String sql) throws Exception {
        shop.execute(sql);
        awaitRight(shop);
    }

    private static void awaitRight(Shop shop) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shop.differences()).isEmpty());
    }
}
