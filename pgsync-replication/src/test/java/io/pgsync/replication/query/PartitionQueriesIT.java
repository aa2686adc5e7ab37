package io.pgsync.replication.query;

import static io.pgsync.replication.query.QueryFixture.collect;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.catalog.AttachedPartition;
import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.catalog.Definitions;
import io.pgsync.core.catalog.PartitionChanges;
import io.pgsync.replication.catalog.PgCatalog;
import io.pgsync.replication.catalog.PgDefinitions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Roots 1 to 6, and what partitions of the tables below them concern. */
class PartitionQueriesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final QueryFixture shop = QueryFixture.of("""
            CREATE TABLE "Shelf" (id int, zone text, up int, PRIMARY KEY (id, zone)) PARTITION BY LIST (zone);
            CREATE TABLE shelf_a PARTITION OF "Shelf" FOR VALUES IN ('a');
            CREATE TABLE box (id int PRIMARY KEY, shelf_id int, shelf_zone text);
            CREATE TABLE item (id int, box_id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
            CREATE TABLE item_1 PARTITION OF item FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') PARTITION BY RANGE (id);
            CREATE TABLE item_1_1 PARTITION OF item_1 FOR VALUES FROM (0) TO (100);
            CREATE TABLE label (id int PRIMARY KEY, name text);
            CREATE TABLE box_label (box_id int REFERENCES box, label_id int REFERENCES label, PRIMARY KEY (box_id, label_id))
                PARTITION BY HASH (box_id);
            CREATE TABLE box_label_0 PARTITION OF box_label FOR VALUES WITH (MODULUS 2, REMAINDER 0);
            INSERT INTO "Shelf" SELECT i, 'a', i - 1 FROM generate_series(1, 6) i;
            INSERT INTO box SELECT i, i, 'a' FROM generate_series(1, 6) i;
            INSERT INTO item SELECT i, i, '2020-05-05' FROM generate_series(1, 3) i""", """
            {'table': 'Shelf', 'columns': ['id', 'zone'], 'children': [
              {'table': 'box', 'columns': ['id'],
               'relationship': {'variant': 'object', 'type': 'one_to_many',
                                'foreign_key': {'parent': ['id', 'zone'], 'child': ['shelf_id', 'shelf_zone']}},
               'children': [
                {'table': 'item', 'columns': ['id'],
                 'relationship': {'variant': 'object', 'type': 'one_to_many',
                                  'foreign_key': {'parent': ['id'], 'child': ['box_id']}}},
                {'table': 'label', 'columns': ['name'],
                 'relationship': {'variant': 'object', 'type': 'one_to_many', 'through_tables': ['box_label']}}]}]}""");

    private final Definitions then = definitions();

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void rowsOfAPartitionOfAPartitionLeadToTheirRoots() {
        shop.database()
                .execute(
                        "CREATE TABLE filled (LIKE item INCLUDING ALL)",
                        "INSERT INTO filled VALUES (104, 4, '2020-06-06'), (106, 6, '2020-06-06'), (107, NULL, '2020-06-06')",
                        "ALTER TABLE item_1 ATTACH PARTITION filled FOR VALUES FROM (100) TO (200)");

        assertThat(roots()).containsExactly("4|a", "6|a");
        assertThat(condition()).contains("2020");
    }

    @Test
    void anIntermediateOneBringsItsOwn() {
        shop.database()
                .execute(
                        "CREATE TABLE other (LIKE item INCLUDING ALL) PARTITION BY LIST (id)",
                        "CREATE TABLE other_5 PARTITION OF other FOR VALUES IN (5)",
                        "INSERT INTO other VALUES (5, 5, '2022-06-06')",
                        "ALTER TABLE item ATTACH PARTITION other FOR VALUES FROM ('2022-01-01') TO ('2023-01-01')");

        assertThat(roots()).containsExactly("5|a");
    }

    @Test
    void rowsOfTheRootsTableAreRoots() {
        shop.database()
                .execute(
                        "CREATE TABLE shelf_b (LIKE \"Shelf\" INCLUDING ALL)",
                        "INSERT INTO shelf_b VALUES (7, 'it''s', 1), (8, 'it''s', 1)",
                        "ALTER TABLE \"Shelf\" ATTACH PARTITION shelf_b FOR VALUES IN ('it''s')");

        assertThat(roots()).containsExactly("7|it's", "8|it's");
    }

    /** By hash, the server cannot tell from the bounds which rows lie there. */
    @Test
    void ofAPartitionByHashOrTheDefaultOneEverythingIsRead() {
        shop.database()
                .execute(
                        "CREATE TABLE hashed (LIKE box_label INCLUDING ALL)",
                        "INSERT INTO label VALUES (1, 'one')",
                        "INSERT INTO hashed SELECT i, 1 FROM generate_series(1, 6) i"
                                + " WHERE NOT satisfies_hash_partition('box_label'::regclass, 2, 0, i)",
                        "ALTER TABLE box_label ATTACH PARTITION hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1)");

        assertThat(found()).isEmpty();
    }

    @Test
    void theDefaultPartitionIsWithoutBoundsToo() {
        shop.database()
                .execute(
                        "CREATE TABLE rest (LIKE item INCLUDING ALL)",
                        "INSERT INTO rest VALUES (1, 1, '1999-01-01')",
                        "ALTER TABLE item ATTACH PARTITION rest DEFAULT");

        assertThat(found()).isEmpty();
    }

    /** To the catalog they look like rows of the log. */
    @Test
    void onePartitionThatIsMadeAndFilledByOneTransactionCountsToo() {
        shop.database()
                .execute(
                        "BEGIN; CREATE TABLE quick (LIKE item INCLUDING ALL);"
                                + " INSERT INTO quick VALUES (2, 2, '2024-01-01');"
                                + " ALTER TABLE item ATTACH PARTITION quick FOR VALUES FROM ('2024-01-01') TO ('2025-01-01'); COMMIT");

        assertThat(roots()).containsExactly("2|a");
    }

    @Test
    void whatLeavesAndComesBackDidBoth() {
        shop.database()
                .execute(
                        "ALTER TABLE item_1 DETACH PARTITION item_1_1",
                        "ALTER TABLE item_1 ATTACH PARTITION item_1_1 FOR VALUES FROM (0) TO (100)");

        assertThat(changes().left()).isEqualTo(Map.of("public.item", 1));
        assertThat(roots()).containsExactly("1|a", "2|a", "3|a");
    }

    @Test
    void whatIsDetachedConcurrentlyIsGone() {
        shop.database().execute("ALTER TABLE item_1 DETACH PARTITION item_1_1 CONCURRENTLY");

        assertThat(changes().left()).isEqualTo(Map.of("public.item", 1));
        assertThat(changes().came()).isEmpty();
    }

    @Test
    void theTextOfAllPartitionsChangesWithEachOfThem() {
        String before = marks();
        shop.database()
                .execute("INSERT INTO item VALUES (50, 1, '2020-05-05')", "VACUUM FULL pg_inherits", "VACUUM FREEZE");
        assertThat(marks()).isEqualTo(before);

        shop.database().execute("ALTER TABLE item_1 DETACH PARTITION item_1_1");
        String without = marks();
        shop.database().execute("ALTER TABLE item_1 ATTACH PARTITION item_1_1 FOR VALUES FROM (0) TO (100)");

        assertThat(Set.of(before, without, marks())).hasSize(3);
    }

    private String marks() {
        return watch().partitions(List.of(shop.tree())).block(PATIENCE);
    }

    private PostgresSchemaWatch watch() {
        return new PostgresSchemaWatch(shop.database().connections(), "none");
    }

    private PartitionChanges changes() {
        return definitions().partitionsSince(then.kept());
    }

    private Optional<String> found() {
        Map<String, List<AttachedPartition>> came = changes().came();
        assertThat(came).isNotEmpty();
        return watch().rootsWithRowsOf(shop.tree(), came).block(PATIENCE);
    }

    private String condition() {
        return found().orElseThrow();
    }

    private List<String> roots() {
        return collect(shop.reader().matching(shop.tree(), condition(), Optional.empty(), 100)).stream()
                .flatMap(List::stream)
                .map(root -> String.join("|", root.key()))
                .toList();
    }

    private Definitions definitions() {
        Catalog catalog = PgCatalog.loadAll(shop.database().connections()).block(PATIENCE);
        return PgDefinitions.load(shop.database().connections(), "none", shop.tree(), catalog)
                .block(PATIENCE);
    }
}
