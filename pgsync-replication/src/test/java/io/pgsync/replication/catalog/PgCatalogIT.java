package io.pgsync.replication.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.catalog.ColumnDefinition;
import io.pgsync.core.catalog.ColumnType;
import io.pgsync.core.catalog.ForeignKey;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.catalog.TableDefinition.Kind;
import io.pgsync.core.catalog.TableDefinition.ReplicaIdentity;
import io.pgsync.core.catalog.TableDefinition.TableIndex;
import io.pgsync.core.change.TableName;
import io.pgsync.embedded.postgres.EmbeddedPostgres;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresSettings;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PgCatalogIT {
    // What CREATE SUBSCRIPTION writes down when it finds the table at the publisher; here there is none.
    private static final String SUBSCRIPTION = """
            CREATE SUBSCRIPTION applied_%1$d CONNECTION 'dbname=nowhere' PUBLICATION anything
                WITH (connect = false, enabled = false, create_slot = false, slot_name = NONE);
            INSERT INTO pg_subscription_rel (srsubid, srrelid, srsubstate)
                SELECT oid, '%2$s'::regclass, 'r' FROM pg_subscription WHERE subname = 'applied_%1$d';
            """;
    private static final AtomicInteger SUBSCRIPTIONS = new AtomicInteger();

    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void start() {
        postgres = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @Test
    void aForeignKeyIsEnforcedOnlyWhileTheServerChecksEveryRow() {
        Catalog catalog = load("""
                CREATE TABLE target (id int PRIMARY KEY);
                CREATE TABLE source (id int PRIMARY KEY, a int REFERENCES target, b int, c int, d int);
                ALTER TABLE source ADD CONSTRAINT declared FOREIGN KEY (b) REFERENCES target NOT ENFORCED;
                ALTER TABLE source ADD CONSTRAINT unchecked FOREIGN KEY (c) REFERENCES target NOT VALID;
                CREATE TABLE silenced (id int PRIMARY KEY, a int REFERENCES target);
                ALTER TABLE silenced DISABLE TRIGGER ALL;
                """, "public.source", "public.silenced");

        assertThat(catalog.table(new TableName("public", "source"))
                        .orElseThrow()
                        .foreignKeys())
                .extracting(ForeignKey::name, ForeignKey::enforced)
                .containsExactlyInAnyOrder(
                        tuple("source_a_fkey", true), tuple("declared", false), tuple("unchecked", false));
        assertThat(catalog.table(new TableName("public", "silenced"))
                        .orElseThrow()
                        .foreignKeys())
                .extracting(ForeignKey::enforced)
                .containsExactly(false);
    }

    @Test
    void aForeignKeyIsNotEnforcedOnRowsThatASubscriptionApplies() {
        String target = "CREATE TABLE target (id int PRIMARY KEY);";
        String source = "CREATE TABLE source (id int PRIMARY KEY, a int REFERENCES target);";
        String parted = "CREATE TABLE source (id int PRIMARY KEY, a int REFERENCES target) PARTITION BY RANGE (id);"
                + "CREATE TABLE part PARTITION OF source DEFAULT;";

        assertThat(enforcedWhereApplied(target + source, "source")).containsExactly(false);
        assertThat(enforcedWhereApplied(target + source, "target")).containsExactly(false);
        assertThat(enforcedWhereApplied(target + parted, "part")).containsExactly(false);
        assertThat(enforcedWhereApplied(target + source + "CREATE TABLE other (id int PRIMARY KEY);", "other"))
                .containsExactly(true);
    }

    private static List<Boolean> enforcedWhereApplied(String tables, String applied) {
        Catalog catalog =
                load(tables + SUBSCRIPTION.formatted(SUBSCRIPTIONS.incrementAndGet(), applied), "public.source");
        return catalog.table(new TableName("public", "source")).orElseThrow().foreignKeys().stream()
                .map(ForeignKey::enforced)
                .toList();
    }

    @Test
    void describesKeysAndConstraintsWithExactNames() {
        Catalog catalog = load("""
                CREATE SCHEMA "Sales";
                CREATE TABLE "Sales"."Order" ("select" int, "First Name" text, PRIMARY KEY ("First Name", "select"));
                CREATE TABLE line (id int PRIMARY KEY, n text, o int,
                    CONSTRAINT "To Order" FOREIGN KEY (n, o) REFERENCES "Sales"."Order" ("First Name", "select"));
                CREATE INDEX ON line (o, lower(n), id);
                CREATE INDEX partial ON line (n) WHERE id > 0;
                ALTER TABLE line REPLICA IDENTITY FULL;
                """, "Sales.Order", "public.line");

        TableDefinition order = catalog.table(new TableName("Sales", "Order")).orElseThrow();
        assertThat(order.primaryKey()).containsExactly("First Name", "select");
        assertThat(order.columns()).extracting(ColumnDefinition::name).containsExactly("select", "First Name");
        assertThat(order.replicaIdentity()).isEqualTo(ReplicaIdentity.PRIMARY_KEY);
        TableDefinition line = catalog.table(new TableName("public", "line")).orElseThrow();
        assertThat(line.foreignKeys())
                .containsExactly(
                        new ForeignKey("To Order", List.of("n", "o"), order.name(), List.of("First Name", "select")));
        assertThat(line.indexes())
                .containsExactly(
                        new TableIndex("line_o_lower_id_idx", List.of("o"), false),
                        new TableIndex("line_pkey", List.of("id"), true));
        assertThat(line.replicaIdentity()).isEqualTo(ReplicaIdentity.FULL);
        assertThat(catalog.otherNames()).isEmpty();
    }

    @Test
    void unwrapsDomainsAndTellsTheKindOfEachType() {
        Catalog catalog = load("""
                CREATE TYPE mood AS ENUM ('sad', 'ok');
                CREATE TYPE pair AS (a int, b text);
                CREATE DOMAIN short AS varchar(3);
                CREATE DOMAIN shorter AS short;
                CREATE SCHEMA types; CREATE TYPE types."Mood" AS ENUM ('x');
                CREATE TABLE t (i int NOT NULL, d shorter, n numeric(6,2), a int[][], m mood, p pair, r int4range, mr int4multirange,
                    q types."Mood", c char(3), gone int, j jsonb);
                ALTER TABLE t DROP COLUMN gone;
                """, "public.t");

        assertThat(catalog.table(new TableName("public", "t")).orElseThrow().columns())
                .containsExactly(
                        new ColumnDefinition(1, "i", type("integer", "int4", ColumnType.Kind.BASE), true),
                        new ColumnDefinition(2, "d", type("shorter", "varchar", ColumnType.Kind.BASE), false),
                        new ColumnDefinition(3, "n", type("numeric(6,2)", "numeric", ColumnType.Kind.BASE), false),
                        new ColumnDefinition(4, "a", type("integer[]", "_int4", ColumnType.Kind.ARRAY), false),
                        new ColumnDefinition(5, "m", type("mood", "mood", ColumnType.Kind.ENUM), false),
                        new ColumnDefinition(6, "p", type("pair", "pair", ColumnType.Kind.COMPOSITE), false),
                        new ColumnDefinition(7, "r", type("int4range", "int4range", ColumnType.Kind.RANGE), false),
                        new ColumnDefinition(
                                8, "mr", type("int4multirange", "int4multirange", ColumnType.Kind.RANGE), false),
                        new ColumnDefinition(9, "q", type("types.\"Mood\"", "Mood", ColumnType.Kind.ENUM), false),
                        new ColumnDefinition(10, "c", type("character(3)", "bpchar", ColumnType.Kind.BASE), false),
                        new ColumnDefinition(12, "j", type("jsonb", "jsonb", ColumnType.Kind.BASE), false));
    }

    @Test
    void tellsTablesFromWhatCannotBeFollowed() {
        Catalog catalog = load(
                """
                CREATE TABLE plain (id int);
                CREATE UNLOGGED TABLE fast (id int);
                CREATE VIEW seen AS SELECT * FROM plain;
                CREATE MATERIALIZED VIEW kept AS SELECT * FROM plain;
                CREATE TABLE parted (id int PRIMARY KEY) PARTITION BY RANGE (id);
                CREATE TABLE part PARTITION OF parted FOR VALUES FROM (0) TO (10);
                CREATE TABLE pointing (id int REFERENCES parted);
                """,
                "public.plain",
                "public.fast",
                "public.seen",
                "public.kept",
                "public.parted",
                "public.part",
                "public.pointing",
                "public.absent");

        assertThat(catalog.tables().values().stream()
                        .collect(Collectors.toMap(table -> table.name().table(), TableDefinition::kind)))
                .containsEntry("plain", Kind.TABLE)
                .containsEntry("fast", Kind.UNLOGGED_TABLE)
                .containsEntry("seen", Kind.VIEW)
                .containsEntry("kept", Kind.MATERIALIZED_VIEW)
                .containsEntry("parted", Kind.PARTITIONED_TABLE)
                .containsEntry("part", Kind.TABLE)
                .doesNotContainKey("absent");
        assertThat(catalog.table(new TableName("public", "pointing"))
                        .orElseThrow()
                        .foreignKeys())
                .extracting(key -> key.references().table())
                .containsExactly("parted");
        assertThat(catalog.otherNames()).contains(new TableName("public", "pointing"));
    }

    private static ColumnType type(String sqlName, String baseName, ColumnType.Kind kind) {
        return new ColumnType(sqlName, baseName, kind);
    }

    private static Catalog load(String ddl, String... names) {
        String database = postgres.createDatabase();
        run(database, ddl);
        Set<TableName> tables = Stream.of(names)
                .map(name -> name.split("\\."))
                .map(name -> new TableName(name[0], name[1]))
                .collect(Collectors.toSet());
        return catalog(postgres, database, tables);
    }

    static Catalog catalog(EmbeddedPostgres postgres, String database, Set<TableName> tables) {
        var connections = PostgresConnections.to(
                PostgresSettings.plain(
                        postgres.host(), postgres.port(), database, postgres.user(), postgres.password()),
                1);
        try {
            return PgCatalog.load(connections, tables).block();
        } finally {
            connections.close().block();
        }
    }

    private static void run(String database, String sql) {
        try (var connection =
                        DriverManager.getConnection(postgres.jdbcUrl(database), postgres.user(), postgres.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
