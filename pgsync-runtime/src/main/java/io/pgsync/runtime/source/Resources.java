package io.pgsync.runtime.source;

import io.pgsync.core.audit.AuditStore;
import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.change.TableName;
import io.pgsync.core.checkpoint.PlacementStore;
import io.pgsync.core.document.DocumentPlugin;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.document.Plugins;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.pipeline.PipelineSettings;
import io.pgsync.core.refusal.RefusalStore;
import io.pgsync.core.schema.SchemaDocument;
import io.pgsync.core.schema.SchemaFile;
import io.pgsync.core.schema.SchemaReader;
import io.pgsync.core.sink.DeadLetters;
import io.pgsync.core.sink.IndexOwnership;
import io.pgsync.core.sink.JsonLinesDeadLetters;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeBuilder;
import io.pgsync.core.tree.TreeBuilder.Built;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.bulk.ElasticsearchOwnership;
import io.pgsync.elasticsearch.index.IndexAliases;
import io.pgsync.elasticsearch.state.ElasticsearchAuditStore;
import io.pgsync.elasticsearch.state.ElasticsearchPlacementStore;
import io.pgsync.elasticsearch.state.ElasticsearchRefusalStore;
import io.pgsync.elasticsearch.state.ElasticsearchStateStore;
import io.pgsync.replication.catalog.PgCatalog;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.query.PostgresDocumentReader;
import io.pgsync.runtime.config.PgsyncConfig;
import io.pgsync.runtime.config.PgsyncConfig.Extras;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.config.SchemaText;
import io.pgsync.runtime.placement.PlacedSchema;
import io.pgsync.runtime.placement.Placements;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What one run holds open: connections to both servers, threads, plugins. It checks the schema file against the
 * databases, and closes everything at the end of the run.
 */
public final class Resources {
    private static final Logger log = LoggerFactory.getLogger(Resources.class);
    private static final long DEAD_LETTER_BYTES = 100L << 20;
    /** For the fence, the heartbeat and the ends of chunks, besides the reads of documents. */
    private static final int OTHER_CONNECTIONS = 4;

    private static final int WALKS = 6;

    private final PgsyncConfig config;
    private final Scheduler timer = Schedulers.newSingle("pgsync-timer", true);
    private final Scheduler answers;
    private final Scheduler files = Schedulers.newBoundedElastic(1, 1_000, "pgsync-files", 60, true);
    private final ElasticsearchConnection engine;
    private final List<PostgresConnections> connections = new CopyOnWriteArrayList<>();
    private final List<PostgresConnections> walkConnections = new CopyOnWriteArrayList<>();
    private final Plugins plugins;
    private PlacedSchema placed;
    private Optional<SyncException> notPlaced = Optional.empty();

    private Resources(PgsyncConfig config, Plugins plugins, Scheduler answers, ElasticsearchConnection engine) {
        this.config = config;
        this.placed = PlacedSchema.unplaced(config.schema());
        this.plugins = plugins;
        this.answers = answers;
        this.engine = engine;
    }

    private static Plugins plugins(Extras extras) {
        return extras.plugins().isEmpty()
                ? Plugins.find(extras.pluginPath())
                : Plugins.of(extras.plugins().toArray(DocumentPlugin[]::new));
    }

    /** Runs {@code work} with its own resources, which are closed before the result is told, whatever it is. */
    public static <T> Mono<T> during(PgsyncConfig config, Function<Resources, Mono<T>> work) {
        return Mono.usingWhen(
                open(config),
                resources -> resources.placing(false).then(Mono.defer(() -> work.apply(resources))),
                Resources::close);
    }

    /** The same for work that may create indexes: those that are missing get names. */
    public static <T> Mono<T> creating(PgsyncConfig config, Function<Resources, Mono<T>> work) {
        return Mono.usingWhen(
                open(config),
                resources -> resources.placing(config.aliases()).then(Mono.defer(() -> work.apply(resources))),
                Resources::close);
    }

    /** The same for indexes that the caller has chosen. */
    public static <T> Mono<T> with(PgsyncConfig config, PlacedSchema chosen, Function<Resources, Mono<T>> work) {
        return Mono.usingWhen(open(config).doOnNext(resources -> resources.placed = chosen), work, Resources::close);
    }

    /** If the engine is away, who needs the indexes learns it from {@link #placed}; others go on. */
    private Mono<Void> placing(boolean choosing) {
        Placements placements = newPlacements();
        return (choosing
                        ? placements.findOrChoose(config.schema(), config.variables())
                        : placements.find(config.schema(), config.variables()))
                .doOnNext(found -> placed = found)
                .doOnError(SyncException.class, failure -> notPlaced = Optional.of(failure))
                .onErrorComplete(SyncException.class)
                .then();
    }

    /** The schema file with the indexes of its documents; fails if the engine did not tell them. */
    public PlacedSchema placed() {
        notPlaced.ifPresent(failure -> {
            throw failure;
        });
        return placed;
    }

    /** What repairs the indexes. */
    public RepairCommand repair() {
        return placed.repair();
    }

    /** The schema file with the indexes of its documents as far as they are known. */
    public SchemaText schema() {
        return placed.text();
    }

    /** Reads files: plugins, certificates. */
    private static Mono<Resources> open(PgsyncConfig config) {
        return Mono.fromSupplier(() -> opened(config)).subscribeOn(Schedulers.boundedElastic());
    }

    private static Resources opened(PgsyncConfig config) {
        Plugins plugins = plugins(config.extras());
        Scheduler answers = Schedulers.newParallel("pgsync-engine", 2, true);
        try {
            var engine = ElasticsearchConnection.open(config.servers().engine(), answers);
            return new Resources(config, plugins, answers, engine);
        } catch (RuntimeException e) {
            answers.dispose();
            plugins.close();
            throw e;
        }
    }

    /** The same for many results. */
    public static <T> Flux<T> each(PgsyncConfig config, Function<Resources, Flux<T>> work) {
        return Flux.usingWhen(
                open(config),
                resources -> resources.placing(false).thenMany(Flux.defer(() -> work.apply(resources))),
                Resources::close);
    }

    public PgsyncConfig config() {
        return config;
    }

    public ElasticsearchConnection engine() {
        return engine;
    }

    public Scheduler timer() {
        return timer;
    }

    /** Reads the schema file and checks it against the plugins, the tables and the server, database by database. */
    public Mono<List<Database>> databases() {
        return uncheckedDatabases().delayUntil(databases -> new StartCheck(states(), schema()).requireNone(databases));
    }

    /** The databases to follow: a document that does not fit its tables, or that the server refuses, stops no other. */
    public Mono<List<Database>> databasesToFollow() {
        return Mono.fromSupplier(this::placed)
                .doOnNext(schema -> schema.warnings().forEach(log::warn))
                .then(Mono.defer(this::uncheckedDatabasesThatFit))
                .flatMap(databases -> new StartCheck(states(), schema()).suspected(databases));
    }

    /**
     * As {@link #uncheckedDatabases}, but documents that are known to have drifted need not fit, unless there is no
     * other.
     */
    public Mono<List<Database>> uncheckedDatabasesThatFit() {
        return draft().flatMap(draft -> new KnownDrifts(states())
                .among(draft.built())
                .map(drifted -> databases(draft, draft.built().without(drifted).orFail(draft.file()), drifted)));
    }

    /**
     * All documents of the file, whether they fit their tables or not, because what was made for them must be removed.
     */
    public Mono<List<Database>> databasesToTearDown() {
        return draft().map(draft -> databases(
                draft, draft.built().trees(), List.copyOf(draft.built().unfit().keySet())));
    }

    /**
     * As {@link #databases}, without asking the server whether it accepts the statements: that needs the right to read
     * the tables.
     */
    public Mono<List<Database>> uncheckedDatabases() {
        return draft().map(draft -> databases(draft, draft.built().orFail(draft.file()), List.of()));
    }

    private record Draft(SchemaFile file, Built built, Map<String, SlotNames> names) {}

    private Mono<Draft> draft() {
        return Mono.defer(() -> {
            SchemaText schema = schema();
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
                                config.names(),
                                connection,
                                file.indexesOf(database(connection)).stream()
                                        .map(placed::nameOf)
                                        .distinct()
                                        .toList())
                        .map(names -> Map.entry(database(connection), names)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    public ElasticsearchStateStore states() {
        return new ElasticsearchStateStore(engine);
    }

    /** Where the documents of each name are stored. */
    public PlacementStore placements() {
        return new ElasticsearchPlacementStore(engine);
    }

    /** Chooses indexes for names. */
    public Placements newPlacements() {
        return new Placements(placements(), states(), new IndexAliases(engine)::indexOf);
    }

    /** The records of refused documents, beside the states. */
    public RefusalStore refusals() {
        return new ElasticsearchRefusalStore(engine);
    }

    /** How far audits are, beside the states. */
    public AuditStore audits() {
        return new ElasticsearchAuditStore(engine);
    }

    /** Reads the documents of a database as they are to be stored. */
    public PostgresDocumentReader documents(Database database) {
        return new PostgresDocumentReader(
                database.connections(),
                database.trees(),
                plugins,
                config.bounds().document());
    }

    /** The estimated number of documents of each index of a database. */
    public Mono<Map<String, Long>> expected(Database database) {
        DocumentReader documents = documents(database);
        return Flux.fromIterable(database.trees())
                .flatMap(tree -> documents.estimatedRoots(tree).map(count -> Map.entry(tree.index(), count)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    /**
     * Separate connections for look-ups that walk to many roots. A walk keeps one until there is room for all its
     * roots, and only reads of documents make room; so both must not share connections.
     */
    public PostgresConnections walks(PostgresConnections source) {
        PostgresConnections walks = source.another(WALKS);
        walkConnections.add(walks);
        return walks;
    }

    /** Takes what the engine refuses. */
    public DeadLetters deadLetters() {
        return new JsonLinesDeadLetters(config.extras().deadLetters(), DEAD_LETTER_BYTES, Clock.systemUTC(), files);
    }

    public IndexOwnership ownership() {
        return new ElasticsearchOwnership(engine, config.servers().engine().bulk());
    }

    private PostgresConnections connect(String database) {
        PipelineSettings pipeline = config.bounds().pipeline();
        int reads = pipeline.batch().inFlight() + pipeline.backfill().readers();
        int audits = config.audit().isOff() ? 0 : 1;
        return PostgresConnections.to(config.servers().postgres().apply(database), reads + OTHER_CONNECTIONS + audits);
    }

    private List<Database> databases(Draft draft, List<DocumentTree> trees, List<SchemaDocument> drifted) {
        return connections.stream()
                .map(connection -> new Database(
                        connection,
                        draft.names()
                                .getOrDefault(database(connection), SlotNames.of(config.names(), database(connection))),
                        placed.names(),
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

    /** Never fails: the failure of the run is what counts, not a connection that did not close. */
    private Mono<Void> close() {
        return Flux.concat(Flux.fromIterable(connections), Flux.fromIterable(walkConnections))
                .concatMap(pool -> pool.close().onErrorResume(Resources::notClosed))
                .then()
                // Not on a thread of what is closed.
                .publishOn(Schedulers.boundedElastic())
                .then(closed(engine::close))
                .then(closed(plugins::close))
                .then(closed(() -> List.of(timer, answers, files).forEach(Scheduler::dispose)));
    }

    private static Mono<Void> closed(Runnable part) {
        return Mono.<Void>fromRunnable(part).onErrorResume(Resources::notClosed);
    }

    private static Mono<Void> notClosed(Throwable failure) {
        log.debug("Not closed: {}", failure.getMessage());
        return Mono.empty();
    }
}
