package io.pgsync.runtime.follow;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.Evidence;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.Soundness;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.pipeline.NothingLeft;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.lookup.MetaKeyLookup;
import io.pgsync.replication.slot.ReplicationSlots;
import io.pgsync.replication.stream.Heartbeat;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Fingerprints;
import io.pgsync.runtime.source.KnownDrifts;
import io.pgsync.runtime.source.Resources;
import io.pgsync.runtime.status.RunFigures;
import io.pgsync.runtime.status.StatusReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** One database being followed, with the heartbeat that keeps its slot moving. */
public final class Following {
    private static final Logger log = LoggerFactory.getLogger(Following.class);
    private static final Duration CAUGHT_UP_POLL = Duration.ofMillis(50);

    private final Resources resources;
    private final Heartbeat heartbeat;
    private final FollowedPipeline pipeline;
    private final WalGuard guard;
    private final SlotRelease release;
    private final RunReport report;
    private final RunningDatabase running;
    private final RepairAdvice advice;
    private final Database database;

    private Following(
            Resources resources, Database database, RunReport report, StatusReader status, NothingLeft nothingLeft) {
        this.resources = resources;
        this.database = database;
        this.report = report;
        this.heartbeat = new Heartbeat(database.connections(), database.names().slot());
        this.pipeline = new FollowedPipeline(resources, database, report, nothingLeft);
        this.guard = WalGuard.of(resources, database, report);
        this.release = SlotRelease.of(database, resources.states());
        this.advice = new RepairAdvice(resources);
        var waits = new PositionWaits(heartbeat.emit(), resources.timer());
        report.connect(guard::latest, waits::stored);
        this.running = new RunningDatabase(
                database, report, waits, status, new MetaKeyLookup(resources.engine()), resources.timer());
    }

    /** Fails when bootstrap was never run or the documents are defined otherwise than when they were loaded. */
    public static Mono<Following> prepare(Resources resources, Database database) {
        return prepare(resources, database, new Remaining(1));
    }

    /** The same for one of several databases. */
    static Mono<Following> prepare(Resources resources, Database database, Remaining remaining) {
        return resources.expected(database).flatMap(expected -> {
            var report = new RunReport(
                    database.name(), expected, resources.config().schema().repair());
            return Flux.fromIterable(database.trees())
                    .concatMap(tree -> state(resources, database, tree, report))
                    .doOnNext(state -> report.resumes(state.index(), state.backfill()))
                    .thenMany(toldSetAside(resources, database, report))
                    .collectList()
                    .map(unfit -> new Following(
                            resources,
                            database,
                            report,
                            StatusReader.of(resources, database, expected),
                            remaining.of(database.name(), unfit)));
        });
    }

    private static Mono<SyncState> state(Resources resources, Database database, DocumentTree tree, RunReport report) {
        var fingerprints = new Fingerprints(resources.config().schema());
        return resources
                .states()
                .load(tree.index())
                .flatMap(stored -> known(database, tree, stored))
                .doOnNext(found -> check(found, fingerprints.fits(found.schemaFingerprint(), tree), report))
                .onErrorResume(SyncException.class, failure -> new RepairAdvice(resources).failed(database, failure));
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
                                + "\". Run \"pgsync bootstrap\" with this schema file first.");
    }

    /** Gives what is to be said of the documents that cannot be built any more. */
    private static Flux<String> toldSetAside(Resources resources, Database database, RunReport report) {
        var drifts = new KnownDrifts(resources.states());
        return Flux.fromIterable(database.drifted())
                .concatMap(index -> drifts.find(index)
                        .flatMap(Mono::justOrEmpty)
                        .doOnNext(found -> report.diverged(index, Optional.of(found)))
                        .map(found -> found.advice(index, "pgsync backfill")));
    }

    private static void check(SyncState state, boolean isSameDocument, RunReport report) {
        report.diverged(state.index(), state.diverged());
        if (state.isSetAside()) {
            return;
        }
        Soundness.of(state, new Evidence.Definition(isSameDocument)).ifPresent(found -> {
            throw new GapException(found);
        });
    }

    /** Runs {@code work} while {@code listener} knows of it. */
    public static Mono<Void> told(RunListener listener, List<Following> followings, Mono<Void> work) {
        List<FollowedDatabase> databases = followings.stream()
                .<FollowedDatabase>map(following -> following.running)
                .toList();
        return Mono.usingWhen(
                mayBlock(() -> listener.began(databases)).thenReturn(listener),
                told -> work,
                told -> mayBlock(told::ended).onErrorResume(failure -> {
                    log.warn("Not closed: {}", failure.getMessage());
                    return Mono.empty();
                }));
    }

    private static Mono<Void> mayBlock(Runnable call) {
        return Mono.<Void>fromRunnable(call).subscribeOn(Schedulers.boundedElastic());
    }

    RunFigures figures() {
        return report.figures();
    }

    /** To be told before the run where the load of an index stands. */
    public void resumes(String index, BackfillProgress now) {
        report.resumes(index, now);
    }

    /** What another process has loaded of an index. */
    public void loaded(String index, BackfillProgress now) {
        report.loaded(index, now);
    }

    /** Follows until {@code stop}, which must replay its signal. */
    public Mono<Void> until(Mono<Void> stop) {
        return followed(stop).then();
    }

    /** As {@link #until}, but stops by itself when all loads are over and what was committed before the call is stored. */
    Mono<Void> untilCaughtUp(Mono<Void> stop) {
        return heartbeat.emit().flatMap(target -> {
            Mono<Void> caughtUp = Flux.interval(CAUGHT_UP_POLL, resources.timer())
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
                .every(Heartbeat.DEFAULT_INTERVAL, resources.timer())
                .takeUntilOther(stop)
                .filter(beat -> false);
        Mono<Lsn> guarding = guard.watch().takeUntilOther(stop).then(Mono.empty());
        return Flux.merge(pipeline.run(stop), beats, guarding)
                .onErrorResume(WalBudgetExhausted.class, full -> release.release(full.status()))
                .onErrorResume(SyncException.class, failure -> advice.failed(database, failure));
    }
}
