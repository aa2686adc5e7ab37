package io.pgsync.replication.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeEvent.Message;
import io.pgsync.core.change.ColumnValue;
import io.pgsync.core.change.Relation;
import io.pgsync.core.change.Row;
import io.pgsync.core.change.RowChange.RowDeleted;
import io.pgsync.core.change.RowChange.RowInserted;
import io.pgsync.core.schema.SchemaException;
import io.pgsync.core.schema.SchemaProblem;
import io.pgsync.core.schema.SchemaReader;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeBuilder;
import io.pgsync.embedded.postgres.EmbeddedPostgres;
import io.pgsync.embedded.postgres.PostgresServer;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.TestDatabase;
import io.pgsync.replication.catalog.PgCatalog;
import io.pgsync.replication.stream.ReplicationStream;
import io.pgsync.replication.stream.StreamSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/**
 * One value has one text: in the log, in queries and their parameters, in ids and in {@code _meta}. Tried with every type that the server
 * has; one that cannot be a key has to be refused. {@code -Dpgsync.test.keys=14,15,16,17,18} tries it on these versions.
 */
class KeyTypesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String OWN_TYPES = """
            CREATE TYPE mood AS ENUM ('happy', 'sad', 'it''s, {so} "so"|\\');
            CREATE DOMAIN positive AS int CHECK (VALUE > 0);
            CREATE DOMAIN host AS inet;
            CREATE DOMAIN code AS char(4);
            CREATE DOMAIN tags AS int[];
            CREATE TYPE place AS (n int, t text, i inet, b bool, c char(3));
            CREATE TYPE hostrange AS RANGE (subtype = inet)""";

    /** Each with its name in pg_type; arrays only of chosen types, as all work alike, and none that nobody can enter. */
    private static final String TYPES = """
            SELECT format_type(t.oid, NULL), t.typname
              FROM pg_type t
              JOIN pg_namespace n ON n.oid = t.typnamespace AND n.nspname IN ('pg_catalog', 'public')
             WHERE t.typisdefined AND t.typtype IN ('b', 'c', 'd', 'e', 'm', 'r')
               AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind <> 'c')
               AND t.typname NOT IN ('pg_ndistinct', 'pg_dependencies', 'pg_mcv_list', 'pg_node_tree')
               AND (t.typname NOT LIKE '\\_%'
                    OR t.typname IN ('_int4', '_text', '_inet', '_bpchar', '_bool', '_numeric', '_timestamptz', '_mood', '_place'))
             ORDER BY t.oid""";

    private static final Map<String, String> WITH_MODIFIERS = Map.of(
            "character(5)",
            "bpchar",
            "character varying(4)",
            "varchar",
            "numeric(40,2)",
            "numeric",
            "bit varying(24)",
            "varbit",
            "timestamp(2) without time zone",
            "timestamp",
            "timestamp(0) with time zone",
            "timestamptz",
            "time(1) without time zone",
            "time",
            "interval(1)",
            "interval",
            "character(4)[]",
            "_bpchar");

    static Stream<Integer> versions() {
        return Stream.of(System.getProperty("pgsync.test.keys", "0").split(",")).map(Integer::valueOf);
    }

    @ParameterizedTest(name = "PostgreSQL {0}")
    @MethodSource("versions")
    void aValueHasOneTextEverywhereOrItsTypeIsRefused(int version) {
        if (version == 0) {
            everyType(PostgresServers.shared());
            return;
        }
        try (var server = EmbeddedPostgres.builder().majorVersion(version).start()) {
            everyType(server);
        }
    }

    private static void everyType(PostgresServer server) {
        long seed = new Random().nextLong();
        try (var database = TestDatabase.on(server)) {
            database.execute(OWN_TYPES);
            var keys = new ArrayList<KeyType>();
            types(database).forEach((sqlName, name) -> keys.add(KeyType.create(database, keys.size(), sqlName, name)));
            StreamSettings settings =
                    database.publishAll(database.connections().settings().database(), "publish = 'insert, delete'");
            var samples = new KeyTypeSamples(seed);
            Catalog catalog = PgCatalog.loadAll(database.connections())
                    .blockOptional(PATIENCE)
                    .orElseThrow();
            Map<KeyType, DocumentTree> trees = new LinkedHashMap<>();
            keys.forEach(key -> accepted(database, key, catalog).ifPresent(tree -> trees.put(key, tree)));
            trees.keySet().forEach(key -> key.fill(database, samples.of(key.name())));

            Logged inserted = Logged.read(database, settings, "filled");
            trees.forEach((key, tree) -> new OneText(database, key, tree, "seed " + seed).check(inserted));
            trees.keySet().forEach(key -> key.empty(database));
            Logged all = Logged.read(database, settings, "emptied");
            trees.keySet()
                    .forEach(key -> assertThat(all.deleted().get(key.root()))
                            .as("%s, old rows, seed %d", key, seed)
                            .containsExactlyInAnyOrderElementsOf(inserted.of(key.root(), "k")));
        }
    }

    private static Map<String, String> types(TestDatabase database) {
        var types = new TreeMap<>(WITH_MODIFIERS);
        database.connections()
                .query(TYPES, row -> List.of(row.get(0, String.class), row.get(1, String.class)))
                .toIterable()
                .forEach(type -> types.put(type.get(0), type.get(1)));
        return types;
    }

    /** The tree over a type's tables, unless the type is refused as a key by the catalog's reader or by the server. */
    private static Optional<DocumentTree> accepted(TestDatabase database, KeyType key, Catalog catalog) {
        List<SchemaProblem> problems;
        try {
            var file = SchemaReader.read(
                    "schema.json", key.schema(catalog.database()).getBytes(UTF_8), Map.of());
            List<DocumentTree> trees = TreeBuilder.build(file, Map.of(catalog.database(), catalog));
            problems = new StatementCheck(database.connections())
                    .problems(trees)
                    .collectList()
                    .blockOptional(PATIENCE)
                    .orElseThrow();
            if (problems.isEmpty()) {
                assertThat(key.isOrdered()).as("%s is accepted", key).isTrue();
                return Optional.of(trees.get(0));
            }
        } catch (SchemaException refused) {
            problems = refused.problems();
        }
        assertThat(problems.toString())
                .as(key.toString())
                .containsAnyOf("values of types that have an order", "cannot be a key");
        assertThat(!key.isOrdered() || key.name().startsWith("reg"))
                .as("%s is refused: %s", key, problems)
                .isTrue();
        return Optional.empty();
    }

    /** What the log says of the tables: texts by table and column. */
    record Logged(Map<String, Map<String, List<String>>> inserted, Map<String, List<String>> deleted) {
        static Logged read(TestDatabase database, StreamSettings settings, String end) {
            database.ask("SELECT pg_logical_emit_message(true, 'test', '" + end + "')");
            var logged = new Logged(new TreeMap<>(), new TreeMap<>());
            Flux.usingWhen(
                            ReplicationStream.open(database.connections(), settings),
                            stream -> stream.changes()
                                    .takeUntil(event -> event instanceof Message message
                                            && UTF_8.decode(message.content().duplicate())
                                                    .toString()
                                                    .equals(end)),
                            ReplicationStream::close)
                    .doOnNext(logged::note)
                    .blockLast(PATIENCE);
            return logged;
        }

        private void note(ChangeEvent event) {
            if (event instanceof RowInserted row) {
                row.relation()
                        .columns()
                        .forEach(column -> inserted.computeIfAbsent(
                                        row.relation().name().table(), t -> new TreeMap<>())
                                .computeIfAbsent(column.name(), c -> new ArrayList<>())
                                .add(text(row.relation(), row.after(), column.name())));
            } else if (event instanceof RowDeleted row) {
                deleted.computeIfAbsent(row.relation().name().table(), t -> new ArrayList<>())
                        .add(text(row.relation(), row.before().row(), "k"));
            }
        }

        private static String text(Relation relation, Row row, String column) {
            return ((ColumnValue.Text) row.value(relation.indexOf(column))).value();
        }

        List<String> of(String table, String column) {
            return inserted.get(table).get(column);
        }
    }
}
