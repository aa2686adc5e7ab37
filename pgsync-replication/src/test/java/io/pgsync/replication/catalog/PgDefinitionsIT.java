package io.pgsync.replication.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.catalog.Definitions;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.schema.SchemaFile;
import io.pgsync.core.schema.SchemaReader;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeBuilder;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PgDefinitionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String FILE = """
            [{"database": "%s", "index": "shelves", "nodes": {"table": "shelf", "where": "chk(id)", "children": [
                {"table": "lettered", "primary_key": ["id"], "base_tables": ["shelf"],
                 "relationship": {"variant": "object", "type": "one_to_many", "foreign_key": {"parent": ["id"], "child": ["id"]}}},
                {"table": "parcel", "columns": ["id", "weight"],
                 "relationship": {"variant": "object", "type": "one_to_many", "foreign_key": {"parent": ["id"], "child": ["shelf_id"]}}}
            ]}}]
            """;

    private final TestDatabase database = TestDatabase.on(PostgresServers.shared());

    @BeforeEach
    void createTables() {
        database.execute(
                "CREATE TYPE mood AS ENUM ('sad', 'ok')",
                "CREATE TYPE size AS (height int, mood mood)",
                "CREATE DOMAIN sizes AS size[]",
                "CREATE FUNCTION chk(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0'",
                "CREATE FUNCTION letters(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper($1)'",
                "CREATE TABLE shelf (id int PRIMARY KEY, label text, sizes sizes, pages int)",
                "INSERT INTO shelf VALUES (1, 'first')",
                "CREATE VIEW inner_view AS SELECT id, letters(label) AS label FROM shelf",
                "CREATE VIEW lettered AS SELECT id, label FROM inner_view",
                "CREATE TABLE parcel (id int, shelf_id int, weight int, PRIMARY KEY (id)) PARTITION BY RANGE (id)",
                "CREATE TABLE parcel1 PARTITION OF parcel FOR VALUES FROM (1) TO (10)",
                "INSERT INTO parcel VALUES (1, 1, 1)",
                "CREATE PUBLICATION named FOR TABLE shelf, parcel WITH (publish_via_partition_root = true)");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'; DEFINITION_CHANGED; type \"public.mood\"",
                "ALTER TYPE size RENAME ATTRIBUTE height TO tallness; DEFINITION_CHANGED; type \"public.size\"",
                "ALTER TYPE size ADD ATTRIBUTE width int; DEFINITION_CHANGED; type \"public.size\"",
                "CREATE OR REPLACE VIEW inner_view AS SELECT id, label FROM shelf; DEFINITION_CHANGED; view \"public.inner_view\"",
                "CREATE OR REPLACE FUNCTION letters(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower($1)'; DEFINITION_CHANGED; function \"public.letters\"",
                "CREATE OR REPLACE FUNCTION chk(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 1'; DEFINITION_CHANGED; function \"public.chk\"",
                "ALTER TABLE shelf ALTER pages TYPE int USING pages * 2; DEFINITION_CHANGED; the values of column \"pages\"",
                "ALTER PUBLICATION named SET TABLE parcel, ALTER PUBLICATION named SET TABLE parcel, shelf; PUBLICATION_CHANGED; : public.shelf",
                "ALTER PUBLICATION named SET (publish = 'insert'); PUBLICATION_CHANGED; : public.parcel, public.shelf",
                "DROP PUBLICATION named, CREATE PUBLICATION named FOR ALL TABLES; PUBLICATION_CHANGED; : public.parcel, public.shelf"
            })
    void whatNoRowTellsIsNamed(String sql, Kind kind, String name) {
        DocumentTree tree = tree();
        Definitions then = definitions(tree);

        database.execute(sql.split(", (?=ALTER PUB|CREATE PUB)"));

        assertThat(definitions(tree).since(then.kept(), "shelves"))
                .singleElement()
                .satisfies(change -> {
                    assertThat(change.kind()).isEqualTo(kind);
                    assertThat(change.what()).contains(name);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TYPE mood ADD VALUE 'new'",
                "CREATE OR REPLACE VIEW lettered AS SELECT id, label FROM inner_view",
                "CREATE TABLE parcel2 PARTITION OF parcel FOR VALUES FROM (10) TO (20)",
                "VACUUM FULL shelf",
                "VACUUM FULL pg_attribute",
                "VACUUM FREEZE",
                "VACUUM FREEZE pg_inherits; VACUUM FULL pg_inherits",
                "VACUUM FULL pg_publication; VACUUM FULL pg_publication_rel",
                "CREATE TABLE another (id int PRIMARY KEY); ALTER PUBLICATION named ADD TABLE another; COMMENT ON PUBLICATION named IS 'ours'",
                "ALTER PUBLICATION named SET TABLE parcel, shelf",
                "ALTER PUBLICATION named OWNER TO pg_monitor",
                "ALTER TABLE shelf ALTER pages SET DEFAULT 7, ALTER pages SET STATISTICS 10",
                "CREATE INDEX ON shelf (label); ANALYZE",
                "UPDATE shelf SET label = 'another'; TRUNCATE shelf"
            })
    void whatLeavesDocumentsAsTheyAreIsNot(String sql) {
        DocumentTree tree = tree();
        Definitions then = definitions(tree);

        database.execute(sql.split("; "));

        assertThat(definitions(tree).since(then.kept(), "shelves")).isEmpty();
        assertThat(definitions(tree).partitionsSince(then.kept()).isNone()).isTrue();
    }

    @Test
    void aPartitionThatIsAttachedCountsIfItHasRows() {
        DocumentTree tree = tree();
        Definitions then = definitions(tree);
        database.execute(
                "CREATE TABLE empty (LIKE parcel INCLUDING ALL)",
                "ALTER TABLE parcel ATTACH PARTITION empty FOR VALUES FROM (20) TO (30)",
                "CREATE TABLE filled (LIKE parcel INCLUDING ALL)",
                "INSERT INTO filled VALUES (31, 1, 1)",
                "ALTER TABLE parcel ATTACH PARTITION filled FOR VALUES FROM (30) TO (40)");

        Definitions now = definitions(tree);
        database.execute("INSERT INTO parcel VALUES (21, 1, 1)");

        assertThat(now.partitionsSince(then.kept()).words())
                .isEqualTo("\"public.parcel\" got partitions with rows that the log does not have: filled");
        assertThat(definitions(tree).partitionsSince(now.kept()).isNone()).isTrue();
    }

    @Test
    void aPartitionThatIsDetachedIsMissed() {
        DocumentTree tree = tree();
        Definitions then = definitions(tree);

        database.execute("ALTER TABLE parcel DETACH PARTITION parcel1");

        assertThat(definitions(tree).partitionsSince(then.kept()).left()).containsOnlyKeys("public.parcel");
    }

    @Test
    void aSchemaThatLeftThePublicationAndCameBackCountsForItsTables() {
        assumeTrue(Integer.parseInt(database.ask("SELECT current_setting('server_version_num')")) >= 150_000);
        DocumentTree tree = tree();
        database.execute("CREATE SCHEMA another", "CREATE PUBLICATION whole FOR TABLES IN SCHEMA public, another");
        Definitions then = definitions(tree, "whole");

        database.execute("ALTER PUBLICATION whole DROP TABLES IN SCHEMA another");
        assertThat(definitions(tree, "whole").since(then, "shelves")).isEmpty();
        database.execute("ALTER PUBLICATION whole DROP TABLES IN SCHEMA public");
        database.execute("ALTER PUBLICATION whole ADD TABLES IN SCHEMA public");

        assertThat(definitions(tree, "whole").since(then, "shelves"))
                .extracting(Divergence::kind)
                .containsExactly(Kind.PUBLICATION_CHANGED);
    }

    private DocumentTree tree() {
        String json = FILE.formatted(database.connections().settings().database());
        SchemaFile file = SchemaReader.read("schema.json", json.getBytes(StandardCharsets.UTF_8), Map.of());
        Catalog catalog = catalog();
        return TreeBuilder.build(file, Map.of(catalog.database(), catalog)).get(0);
    }

    private Catalog catalog() {
        return PgCatalog.loadAll(database.connections()).blockOptional(PATIENCE).orElseThrow();
    }

    private Definitions definitions(DocumentTree tree) {
        return definitions(tree, "named");
    }

    private Definitions definitions(DocumentTree tree, String publication) {
        return PgDefinitions.load(database.connections(), publication, tree, catalog())
                .blockOptional(PATIENCE)
                .orElseThrow();
    }
}
