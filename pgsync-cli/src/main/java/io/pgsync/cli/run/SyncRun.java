package io.pgsync.cli.run;

import io.pgsync.cli.config.Settings;
import io.pgsync.cli.console.Terminal;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.ElasticsearchStateStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The commands on a schema file, after their options are settled. All methods block until they are done. */
public final class SyncRun {
    private static final Logger log = LoggerFactory.getLogger(SyncRun.class);

    private final Settings settings;
    private final Terminal terminal;

    /** {@code terminal} shows progress. */
    public SyncRun(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    /** Creates what is missing; may be repeated, also after a failure half-way. */
    public ExitCode bootstrap() {
        return bootstrap(ReplicaIdentityMode.KEEP);
    }

    /** As {@link #bootstrap()}, and settles what the log says of old rows. Makes nothing before both servers are ready for it. */
    public ExitCode bootstrap(ReplicaIdentityMode identities) {
        SchemaText schema = SchemaText.load(settings);
        try (var wiring = Wiring.of(RunConfigs.from(settings))) {
            List<Database> databases =
                    wiring.uncheckedDatabases(schema).blockOptional().orElseThrow();
            wiring.engine().check().block();
            var choice = new IdentityChoice(identities, wiring.config().insertOnly());
            List<Database> claimed = claimed(wiring, databases);
            bootstrap(wiring, schema, choice).noteWhatOthersLeaveOut(claimed).block();
            new DoctorRun(settings).check(wiring, claimed, choice).requireNoProblem();
            claimed.stream()
                    .flatMap(database -> database.trees().stream())
                    .flatMap(tree -> DoctorRun.missingIndexes(tree).stream())
                    .distinct()
                    .forEach(missing -> log.warn("{}", missing));
            bootstrap(wiring, schema, choice).run(claimed).block();
            return ExitCode.OK;
        }
    }

    /** Each with a slot and a publication that are its own; other schema files may have theirs in the same database. */
    private List<Database> claimed(Wiring wiring, List<Database> databases) {
        var ownership = new SlotOwnership(wiring.config().names(), new ElasticsearchStateStore(wiring.engine()));
        return Flux.fromIterable(databases)
                .concatMap(ownership::claim)
                .collectList()
                .blockOptional()
                .orElseThrow();
    }

    /** Loads indexes again, here or by the process that follows them; ends when that is done. {@code stop} leaves the request standing. */
    public ExitCode backfill(BackfillOrder order, Mono<Void> stop) {
        SchemaText schema = SchemaText.load(settings);
        return with(schema, Wiring::databasesToFollow, (wiring, databases) -> {
            order.check(databases);
            requireFollowed(wiring, databases, order);
            var codes = new ArrayList<ExitCode>();
            for (Database database : claimed(wiring, withoutOthersSetAside(wiring, databases, order))) {
                if (!order.of(database).isEmpty()) {
                    var kept = new IdentityChoice(
                            ReplicaIdentityMode.KEEP, wiring.config().insertOnly());
                    var run = BackfillRun.request(wiring, database, order, bootstrap(wiring, schema, kept), schema);
                    codes.add(perform(run, stop) ? run.outcome() : ExitCode.FAILURE);
                }
            }
            return codes.stream().max(Comparator.comparing(ExitCode::code)).orElse(ExitCode.OK);
        });
    }

    /** Other documents of the file may be set aside. */
    private static void requireFollowed(Wiring wiring, List<Database> databases, BackfillOrder order) {
        var drifts = new KnownDrifts(new ElasticsearchStateStore(wiring.engine()));
        Flux.fromIterable(databases)
                .concatMapIterable(Database::drifted)
                .filter(order.indexes()::contains)
                .concatMap(drifts::refuse)
                .blockLast();
    }

    /** What is not ordered stays as it is: it is neither examined nor loaded. */
    private static List<Database> withoutOthersSetAside(Wiring wiring, List<Database> databases, BackfillOrder order) {
        var drifts = new KnownDrifts(new ElasticsearchStateStore(wiring.engine()));
        return Flux.fromIterable(databases)
                .concatMap(database -> Flux.fromIterable(database.trees())
                        .map(DocumentTree::index)
                        .filter(index -> !order.indexes().contains(index))
                        .filterWhen(drifts::contains)
                        .collectList()
                        .map(database::without))
                .collectList()
                .blockOptional()
                .orElseThrow();
    }

    private Bootstrap bootstrap(Wiring wiring, SchemaText schema, IdentityChoice choice) {
        return new Bootstrap(wiring.config().mapping(), wiring.engine(), schema, choice);
    }

    private boolean perform(BackfillRun run, Mono<Void> stop) {
        try (var ticker = new Ticker(terminal, List.of(run.report()), settings)) {
            log.debug("Showing {}", ticker);
            return run.perform(stop);
        }
    }

    /** Removes what bootstrap created, but the indexes. */
    public ExitCode tearDown() {
        return with(SchemaText.load(settings), Wiring::databasesToTearDown, (wiring, databases) -> {
            new TearDown(wiring.config().names(), wiring.engine())
                    .run(databases)
                    .block();
            return ExitCode.OK;
        });
    }

    /** Follows every change until {@code stop} signals, then stores and confirms what is under way. */
    public ExitCode follow(Mono<Void> stop) {
        return run(stop, false);
    }

    /** Ends when everything that was committed before the call is in the indexes. */
    public ExitCode catchUp(Mono<Void> stop) {
        return run(stop, true);
    }

    private ExitCode run(Mono<Void> stop, boolean once) {
        SchemaText schema = SchemaText.load(settings);
        return with(schema, Wiring::databasesToFollow, (wiring, databases) -> {
            var remaining = new Remaining(databases.size());
            List<Following> followings = databases.stream()
                    .map(database -> Following.prepare(wiring, database, schema, remaining))
                    .toList();
            var reports = followings.stream().map(Following::report).toList();
            try (var ticker = new Ticker(terminal, reports, settings);
                    var endpoints = new Endpoints(settings, followings)) {
                log.debug("Showing {} and {}", ticker, endpoints);
                Mono.when(followings.stream()
                                .map(following -> once ? following.untilCaughtUp(stop) : following.until(stop))
                                .toList())
                        .block();
            }
            reports.forEach(report -> new StatusLine(true).log(report.figures()));
            // An index that parts from its tables is no success of a run that ends by itself.
            return once ? ExitCode.of(reports.stream().flatMap(RunReport::divergences)) : ExitCode.OK;
        });
    }

    private ExitCode with(
            SchemaText schema,
            BiFunction<Wiring, SchemaText, Mono<List<Database>>> reading,
            BiFunction<Wiring, List<Database>, ExitCode> work) {
        try (var wiring = Wiring.of(RunConfigs.from(settings))) {
            List<Database> databases =
                    reading.apply(wiring, schema).blockOptional().orElseThrow();
            return work.apply(wiring, databases);
        }
    }
}
