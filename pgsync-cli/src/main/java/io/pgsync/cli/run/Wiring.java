package io.pgsync.cli.run;

import io.pgsync.cli.status.StatusReader;
import io.pgsync.cli.status.StatusReader.Subject;
import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.change.TableName;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.document.Plugins;
import io.pgsync.core.pipeline.IndexPorts;
import io.pgsync.core.pipeline.NothingLeft;
import io.pgsync.core.pipeline.PipelineOptions;
import io.pgsync.core.pipeline.PipelineSettings;
import io.pgsync.core.pipeline.SourcePorts;
import io.pgsync.core.pipeline.Synchronizer;
import io.pgsync.core.schema.SchemaDocument;
import io.pgsync.core.schema.SchemaFile;
import io.pgsync.core.schema.SchemaReader;
import io.pgsync.core.sink.JsonLinesDeadLetters;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeBuilder;
import io.pgsync.core.tree.TreeBuilder.Built;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.ElasticsearchOwnership;
import io.pgsync.elasticsearch.ElasticsearchStateStore;
import io.pgsync.elasticsearch.MetaKeyLookup;
import io.pgsync.replication.PostgresConnections;
import io.pgsync.replication.ReplicationStream;
import io.pgsync.replication.catalog.PgCatalog;
import io.pgsync.replication.query.MaterializedViews;
import io.pgsync.replication.query.PostgresDocumentReader;
import io.pgsync.replication.query.PostgresKeyLookup;
import io.pgsync.replication.query.PostgresSchemaWatch;
import io.pgsync.replication.query.PostgresVisibilityFence;
import io.pgsync.replication.retention.Cause.Sink;
import io.pgsync.replication.retention.SlotWatch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Builds the objects of one run out of its configuration and the schema file, and closes what they hold: threads, connections. The only class
 * that knows both adapters.
 */
final class Wiring implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Wiring.class);
    private static final long DEAD_LETTER_BYTES = 100L << 20;
    /** For the fence, the heartbeat and the ends of chunks, besides the reads of documents. */
    private static final int OTHER_CONNECTIONS = 4;

    private static final int WALKS = 6;
    private static final Duration ENGINE_PATIENCE = Duration.ofSeconds(5);

    private final RunConfig config;
    private final Scheduler timer = Schedulers.newSingle("pgsync-timer", true);
    private final Scheduler answers = Schedulers.newParallel("pgsync-engine", 2, true);
    private final Scheduler files = Schedulers.newBoundedElastic(1, 1_000, "pgsync-files", 60, true);
    private final ElasticsearchConnection engine;
    private final List<PostgresConnections> connections = new ArrayList<>();
    private final List<PostgresConnections> walkConnections = new ArrayList<>();
    private final Plugins plugins;

    private Wiring(RunConfig config) {
        this.config = config;
        this.plugins = Plugins.find(config.places().plugins());
        this.engine = ElasticsearchConnection.open(config.servers().engine(), answers);
    }

    static Wiring of(RunConfig config) {
        return new Wiring(config);
    }

    RunConfig config() {
        return config;
    }

    ElasticsearchConnection engine() {
        return engine;
    }

    Scheduler timer() {
        return timer;
    }

    /** Reads the schema file and checks it against the plugins, the tables and the server, database by database. */
    Mono<List<Database>> databases(SchemaText schema) {
        return uncheckedDatabases(schema)
                .delayUntil(databases -> new StartCheck(states(), schema).requireNone(databases));
    }

    /** The same to be followed, where one document that does not fit, or is refused, holds up no other. */
    Mono<List<Database>> databasesToFollow(SchemaText schema) {
        return uncheckedDatabasesThatFit(schema)
                .flatMap(databases -> new StartCheck(states(), schema).suspected(databases));
    }

    /**
     * As {@link #uncheckedDatabases}, where documents that are known to have drifted need not fit; unless there is no other.
     */
    Mono<List<Database>> uncheckedDatabasesThatFit(SchemaText schema) {
        return draft(schema)
                .flatMap(draft -> new KnownDrifts(states())
                        .among(draft.built())
                        .map(drifted ->
                                databases(draft, draft.built().without(drifted).orFail(draft.file()), drifted)));
    }

    /** All documents of the file, whether they fit their tables or not: what was made for them is to be taken away. */
    Mono<List<Database>> databasesToTearDown(SchemaText schema) {
        return draft(schema)
                .map(draft -> databases(
                        draft,
                        draft.built().trees(),
                        List.copyOf(draft.built().unfit().keySet())));
    }

    /** As {@link #databases}, without asking the server whether it accepts the statements: that takes the right to read the tables. */
    Mono<List<Database>> uncheckedDatabases(SchemaText schema) {
        return draft(schema).map(draft -> databases(draft, draft.built().orFail(draft.file()), List.of()));
    }

    private record Draft(SchemaFile file, Built built, Map<String, SlotNames> names) {}

    private Mono<Draft> draft(SchemaText schema) {
        return Mono.defer(() -> {
            SchemaFile file = SchemaReader.read(
                    schema.source(), schema.text().getBytes(StandardCharsets.UTF_8), config.variables());
            file.warnings().forEach(warning -> log.warn("{}: {}", schema.source(), warning));
            plugins.check(file);
            Map<String, Set<TableName>> tables = file.tablesByDatabase();
            SlotNames.check(config.names(), tables.keySet());
            tables.keySet().forEach(name -> connections.add(connect(name)));
            return Flux.fromIterable(connections)
                    .concatMap(connection ->
                            PgCatalog.load(connection, tables.getOrDefault(database(connection), Set.of())))
                    .collectMap(Catalog::database)
                    .zipWith(names(file))
                    .map(found -> new Draft(file, TreeBuilder.buildEach(file, found.getT1()), found.getT2()));
        });
    }

    /** By database. */
    private Mono<Map<String, SlotNames>> names(SchemaFile file) {
        return Flux.fromIterable(connections)
                .concatMap(connection -> SlotOwnership.names(
                                config.names(), connection, file.indexesOf(database(connection)))
                        .map(names -> Map.entry(database(connection), names)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private ElasticsearchStateStore states() {
        return new ElasticsearchStateStore(engine);
    }

    /** Reads the documents of a database as they are to be stored. */
    PostgresDocumentReader documents(Database database) {
        return new PostgresDocumentReader(
                database.connections(),
                database.trees(),
                plugins,
                config.bounds().document());
    }

    /** Tells how a database stands. */
    Mono<StatusReader> status(Database database, SchemaText schema) {
        return expected(database).map(expected -> status(database, schema, expected));
    }

    /** As {@link #status(Database, SchemaText)}, with what {@link #expected} gave. */
    StatusReader status(Database database, SchemaText schema, Map<String, Long> expected) {
        String slot = database.names().slot();
        return new StatusReader(
                new Subject(database.name(), slot, database.indexes(), expected, schema.repair()),
                new SlotWatch(database.connections(), slot),
                states(),
                new ElasticsearchOwnership(engine, config.servers().engine().bulk()),
                config.bounds().wal().wished());
    }

    /** About how many documents each index of a database will have. */
    Mono<Map<String, Long>> expected(Database database) {
        DocumentReader documents = documents(database);
        return Flux.fromIterable(database.trees())
                .flatMap(tree -> documents.estimatedRoots(tree).map(count -> Map.entry(tree.index(), count)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    /** Watches the slot of a database that is followed. */
    WalGuard guard(Database database, RunReport report) {
        Mono<Sink> sink = engine.check()
                .timeout(ENGINE_PATIENCE)
                .thenReturn(false)
                .onErrorReturn(true)
                .map(away -> new Sink(away, !report.isLoaded()));
        return new WalGuard(
                new SlotWatch(database.connections(), database.names().slot()),
                config.bounds().wal(),
                sink,
                timer);
    }

    /** The running part for one database. */
    Synchronizer synchronizer(Database database, RunReport report, NothingLeft nothingLeft) {
        PostgresConnections source = database.connections();
        return new Synchronizer(
                database.trees(),
                new SourcePorts(
                        ReplicationStream.open(source, database.stream()),
                        new PostgresVisibilityFence(source),
                        new MaterializedViews(source),
                        new PostgresKeyLookup(walks(source), source),
                        documents(database),
                        new PostgresSchemaWatch(source, database.names().publication(), database.suspects())),
                indexPorts(),
                new PipelineOptions(config.bounds().pipeline(), report, timer, nothingLeft));
    }

    /**
     * Connections of their own: a walk to many roots keeps one until there is room for all of them, and it is the reads of documents
     * that make room.
     */
    private PostgresConnections walks(PostgresConnections source) {
        PostgresConnections walks = source.another(WALKS);
        walkConnections.add(walks);
        return walks;
    }

    private IndexPorts indexPorts() {
        Path refused = config.places().deadLetters();
        return new IndexPorts(
                new ElasticsearchOwnership(engine, config.servers().engine().bulk()),
                new MetaKeyLookup(engine),
                states(),
                new JsonLinesDeadLetters(refused, DEAD_LETTER_BYTES, Clock.systemUTC(), files));
    }

    private PostgresConnections connect(String database) {
        PipelineSettings pipeline = config.bounds().pipeline();
        int reads = pipeline.batch().inFlight() + pipeline.backfill().readers();
        return PostgresConnections.to(config.servers().postgres().apply(database), reads + OTHER_CONNECTIONS);
    }

    private List<Database> databases(Draft draft, List<DocumentTree> trees, List<SchemaDocument> drifted) {
        return connections.stream()
                .map(connection -> new Database(
                        connection,
                        draft.names()
                                .getOrDefault(database(connection), SlotNames.of(config.names(), database(connection))),
                        trees.stream()
                                .filter(tree -> tree.database().equals(database(connection)))
                                .toList(),
                        drifted.stream()
                                .filter(document -> document.database().equals(database(connection)))
                                .map(SchemaDocument::index)
                                .toList(),
                        Set.of()))
                .toList();
    }

    private static String database(PostgresConnections connection) {
        return connection.settings().database();
    }

    @Override
    public void close() {
        Flux.concat(Flux.fromIterable(connections), Flux.fromIterable(walkConnections))
                .concatMap(PostgresConnections::close)
                .then()
                .block();
        engine.close();
        plugins.close();
        List.of(timer, answers, files).forEach(Scheduler::dispose);
    }
}
