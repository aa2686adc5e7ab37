package io.pgsync.runtime.source;

import io.pgsync.core.audit.AuditStore;
import io.pgsync.core.checkpoint.PlacementStore;
import io.pgsync.core.document.DocumentPlugin;
import io.pgsync.core.document.Plugins;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.handover.WorkLog;
import io.pgsync.core.lease.LeaseStore;
import io.pgsync.core.refusal.RefusalStore;
import io.pgsync.core.sink.DeadLetters;
import io.pgsync.core.sink.IndexOwnership;
import io.pgsync.core.sink.JsonLinesDeadLetters;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.bulk.ElasticsearchOwnership;
import io.pgsync.elasticsearch.index.IndexAliases;
import io.pgsync.elasticsearch.state.ElasticsearchAuditStore;
import io.pgsync.elasticsearch.state.ElasticsearchLeaseStore;
import io.pgsync.elasticsearch.state.ElasticsearchPlacementStore;
import io.pgsync.elasticsearch.state.ElasticsearchRefusalStore;
import io.pgsync.elasticsearch.state.ElasticsearchStateStore;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.runtime.config.PgsyncConfig;
import io.pgsync.runtime.config.PgsyncConfig.Extras;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.config.SchemaText;
import io.pgsync.runtime.placement.PlacedSchema;
import io.pgsync.runtime.placement.Placements;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What one run holds open: connections to both servers, threads, plugins. Everything is closed at the end of the run.
 */
public final class Resources {
    private static final Logger log = LoggerFactory.getLogger(Resources.class);
    private static final long DEAD_LETTER_BYTES = 100L << 20;

    private final PgsyncConfig config;
    private final Scheduler timer = Schedulers.newSingle("pgsync-timer", true);
    private final Scheduler answers;
    private final Scheduler files = Schedulers.newBoundedElastic(1, 1_000, "pgsync-files", 60, true);
    private final ElasticsearchConnection engine;
    private final SourceConnections connections;
    private final Plugins plugins;
    private PlacedSchema placed;
    private Optional<SyncException> notPlaced = Optional.empty();

    private Resources(PgsyncConfig config, Plugins plugins, Scheduler answers, ElasticsearchConnection engine) {
        this.config = config;
        this.connections = SourceConnections.of(config);
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

    /** The databases of the schema file, each time read anew. */
    public SchemaDatabases databases() {
        return new SchemaDatabases(config, this::placed, placed, plugins, states(), connections);
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

    /** Readers of documents, from the primary and from its standbys. */
    public DocumentReaders documents() {
        return new DocumentReaders(
                plugins, config.bounds().document(), database -> connections.toReplicas(database.name()), timer);
    }

    /**
     * Separate connections for look-ups that walk to many roots. A walk keeps one until there is room for all its
     * roots, and only reads of documents make room; so both must not share connections.
     */
    public PostgresConnections walks(PostgresConnections source) {
        return connections.forWalks(source);
    }

    /** A separate connection for a lease, which must not wait behind reads. */
    public PostgresConnections leaseConnections(PostgresConnections source) {
        return connections.forLease(source);
    }

    /** In which the affected roots of a database wait; empty if they wait in memory. */
    public Optional<WorkLog> workLog(Database database) {
        return config.servers().logs().map(logs -> logs.of(database.names().slot()));
    }

    /** Who follows which slot, beside the states. */
    public LeaseStore leases() {
        return new ElasticsearchLeaseStore(engine);
    }

    /** Takes what the engine refuses. */
    public DeadLetters deadLetters() {
        return new JsonLinesDeadLetters(config.extras().deadLetters(), DEAD_LETTER_BYTES, Clock.systemUTC(), files);
    }

    public IndexOwnership ownership() {
        return new ElasticsearchOwnership(engine, config.servers().engine().bulk());
    }

    /** Never fails: the failure of the run is what counts, not a connection that did not close. */
    private Mono<Void> close() {
        return connections
                .close()
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
