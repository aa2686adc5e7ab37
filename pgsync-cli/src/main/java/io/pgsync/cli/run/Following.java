package io.pgsync.cli.run;

import io.pgsync.cli.status.StatusReader;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.pipeline.NothingLeft;
import io.pgsync.core.pipeline.Synchronizer;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.ElasticsearchStateStore;
import io.pgsync.elasticsearch.MetaKeyLookup;
import io.pgsync.replication.Heartbeat;
import io.pgsync.replication.slot.ReplicationSlots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** One database being followed, with the heartbeat that keeps its slot moving. */
final class Following {
    private static final Duration CAUGHT_UP_POLL = Duration.ofMillis(50);

    private final Synchronizer synchronizer;
    private final Heartbeat heartbeat;
    private final WalGuard guard;
    private final SlotRelease release;
    private final RunReport report;
    private final RunningDatabase running;
    private final Scheduler timer;
    private final UnaryOperator<Flux<Lsn>> advising;

    private Following(
            Wiring wiring,
            Database database,
            RunReport report,
            StatusReader status,
            NothingLeft nothingLeft,
            UnaryOperator<Flux<Lsn>> advising) {
        this.synchronizer = wiring.synchronizer(database, report, nothingLeft);
        this.heartbeat = new Heartbeat(database.connections(), database.names().slot());
        this.guard = wiring.guard(database, report);
        this.release = new SlotRelease(database, new ElasticsearchStateStore(wiring.engine()));
        this.report = report;
        var waits = new PositionWaits(heartbeat.emit(), wiring.timer());
        report.connect(guard::latest, waits::stored);
        this.running = new RunningDatabase(
                database, report, waits, status, new MetaKeyLookup(wiring.engine()), wiring.timer());
        this.timer = wiring.timer();
        this.advising = advising;
    }

    /** Fails when bootstrap was never run or the documents are defined otherwise than when they were loaded. Blocks. */
    static Following prepare(Wiring wiring, Database database, SchemaText schema) {
        return prepare(wiring, database, schema, new Remaining(1));
    }

    /** The same for one of several databases. */
    static Following prepare(Wiring wiring, Database database, SchemaText schema, Remaining remaining) {
        Map<String, Long> expected = wiring.expected(database).blockOptional().orElseThrow();
        var report = new RunReport(database.name(), expected, schema.repair());
        var states = new ElasticsearchStateStore(wiring.engine());
        var advice = new RepairAdvice(states, schema);
        var fingerprints = new Fingerprints(schema);
        for (DocumentTree tree : database.trees()) {
            SyncState state = states.load(tree.index())
                    .flatMap(stored -> known(database, tree, stored))
                    .doOnNext(found -> check(found, fingerprints.fits(found.schemaFingerprint(), tree), report))
                    .onErrorResume(SyncException.class, failure -> advice.failed(database, failure))
                    .blockOptional()
                    .orElseThrow();
            report.resumes(tree.index(), state.backfill());
        }
        List<String> unfit = toldSetAside(database, new KnownDrifts(states), report);
        return new Following(
                wiring,
                database,
                report,
                wiring.status(database, schema, expected),
                remaining.of(database.name(), unfit),
                run -> run.onErrorResume(SyncException.class, failure -> advice.failed(database, failure)));
    }

    private static Mono<SyncState> known(Database database, DocumentTree tree, Optional<StoredState> stored) {
        return stored.map(found -> Mono.just(found.state()))
                .orElseGet(() -> new ReplicationSlots(database.connections())
                        .describe(database.names().slot())
                        .hasElement()
                        .flatMap(hasSlot -> Mono.error(stateless(database, tree, hasSlot))));
    }

    private static SyncException stateless(Database database, DocumentTree tree, boolean hasSlot) {
        return hasSlot
                ? new GapException(
                        tree.index(),
                        "nothing is known of its state, although slot \"%s\" is there; any of its documents may be out of date."
                                .formatted(database.names().slot()))
                : new SyncException(
                        Remedy.STOP,
                        "Nothing is known of index \"" + tree.index()
                                + "\". Run \"pgsync bootstrap\" with this schema file first, or add --bootstrap.");
    }

    /** Gives what is to be said of the documents that cannot be built any more. */
    private static List<String> toldSetAside(Database database, KnownDrifts drifts, RunReport report) {
        var advice = new ArrayList<String>();
        for (String index : database.drifted()) {
            drifts.find(index).blockOptional().flatMap(Function.identity()).ifPresent(found -> {
                report.diverged(index, Optional.of(found));
                advice.add(found.advice(index, "pgsync backfill"));
            });
        }
        return advice;
    }

    private static void check(SyncState state, boolean isSameDocument, RunReport report) {
        report.diverged(state.index(), state.diverged());
        if (state.isSetAside()) {
            return;
        }
        state.diverged().filter(found -> !found.kind().isFollowed()).ifPresent(found -> {
            throw new GapException(found.kind(), state.index(), found + ".");
        });
        if (!isSameDocument) {
            throw new GapException(
                    state.index(),
                    "it was loaded with another definition of its document than the schema file has now, or by an earlier version with other ids, or without keys that are needed; any of its"
                            + " documents may look otherwise.");
        }
    }

    RunReport report() {
        return report;
    }

    RunningDatabase running() {
        return running;
    }

    /** Follows until {@code stop}, which must replay its signal. */
    Mono<Void> until(Mono<Void> stop) {
        return followed(stop).then();
    }

    /** As {@link #until}, but stops by itself when all loads are over and what was committed before the call is stored. */
    Mono<Void> untilCaughtUp(Mono<Void> stop) {
        return heartbeat.emit().flatMap(target -> {
            Mono<Void> caughtUp = Flux.interval(CAUGHT_UP_POLL, timer)
                    .onBackpressureDrop()
                    .filter(tick -> report.isLoaded() && report.hasReached(target))
                    .next()
                    .then()
                    .cache();
            return followed(Mono.firstWithSignal(stop, caughtUp)).then();
        });
    }

    private Flux<Lsn> followed(Mono<Void> stop) {
        Flux<Lsn> beats = heartbeat
                .every(Heartbeat.DEFAULT_INTERVAL, timer)
                .takeUntilOther(stop)
                .filter(beat -> false);
        Mono<Lsn> guarding = guard.watch().takeUntilOther(stop).then(Mono.empty());
        return advising.apply(Flux.merge(synchronizer.run(stop), beats, guarding)
                .onErrorResume(WalBudgetExhausted.class, full -> release.release(full.status())));
    }
}
