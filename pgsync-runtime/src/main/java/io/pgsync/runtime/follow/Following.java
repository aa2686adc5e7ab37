package io.pgsync.runtime.follow;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.pipeline.NothingLeft;
import io.pgsync.elasticsearch.lookup.MetaKeyLookup;
import io.pgsync.replication.stream.Heartbeat;
import io.pgsync.runtime.report.FollowedDatabase;
import io.pgsync.runtime.report.RunFigures;
import io.pgsync.runtime.report.RunListener;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Resources;
import io.pgsync.runtime.status.StatusReader;
import io.pgsync.runtime.verify.Audits;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** One database that is followed, with the heartbeat that keeps its slot moving. */
public final class Following {
    private static final Logger log = LoggerFactory.getLogger(Following.class);
    private static final Duration CAUGHT_UP_POLL = Duration.ofMillis(50);

    private final Database database;
    private final RunReport report;
    private final RunningDatabase running;
    private final Parts parts;

    Following(Database database, RunReport report, RunningDatabase running, Parts parts) {
        this.database = database;
        this.report = report;
        this.running = running;
        this.parts = parts;
    }

    /**
     * The parts that run side by side while a database is followed, and what handles their failures.
     *
     * @param pipeline runs until its argument signals
     * @param beat writes a position of our own into the log, and gives it
     * @param beats the same, repeated without end
     * @param audits compares the indexes with their tables until its argument signals
     */
    record Parts(
            Function<Mono<Void>, Flux<Lsn>> pipeline,
            Mono<Lsn> beat,
            Flux<Lsn> beats,
            Function<Mono<Void>, Mono<Void>> audits,
            WalGuard guard,
            SlotRelease release,
            RepairAdvice advice,
            Scheduler timer) {}

    private static Following of(
            Resources resources, Database database, RunReport report, StatusReader status, NothingLeft nothingLeft) {
        var heartbeat = new Heartbeat(database.connections(), database.names().slot());
        var guard = WalGuard.of(resources, database, report);
        var waits = new PositionWaits(heartbeat.emit(), resources.timer());
        report.connect(guard::latest, waits::stored, waits::beginAt);
        var parts = new Parts(
                new FollowedPipeline(resources, database, report, nothingLeft)::run,
                heartbeat.emit(),
                heartbeat.every(Heartbeat.DEFAULT_INTERVAL, resources.timer()),
                Audits.of(resources, database, report)::run,
                guard,
                SlotRelease.of(database, resources.states()),
                new RepairAdvice(resources),
                resources.timer());
        var running = new RunningDatabase(
                database, report, waits, status, new MetaKeyLookup(resources.engine()), resources.timer());
        return new Following(database, report, running, parts);
    }

    /** Fails if bootstrap was never run, or if the definition of a document has changed since its load. */
    public static Mono<Following> prepare(Resources resources, Database database) {
        return prepare(resources, database, new Remaining(1));
    }

    /** The same for one of several databases. */
    static Mono<Following> prepare(Resources resources, Database database, Remaining remaining) {
        return resources.documents().expected(database).flatMap(expected -> {
            var report = new RunReport(database.name(), expected, resources.repair());
            return new RunStart(resources)
                    .tell(database, report)
                    .map(unfit -> of(
                            resources,
                            database,
                            report,
                            StatusReader.of(resources, database, expected),
                            remaining.of(database.name(), unfit)));
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

    RunWatch.Followed followed() {
        return new RunWatch.Followed(database, () -> report.figures().following());
    }

    RunFigures figures() {
        return report.figures();
    }

    /** Tells, before the run, where the load of an index stands. */
    public void resumes(String index, BackfillProgress now) {
        report.resumes(index, now);
    }

    /** What another process has loaded of an index. */
    public void loaded(String index, BackfillProgress now) {
        report.loaded(index, now);
    }

    /** Follows until {@code stop} signals, which must replay its signal. */
    public Mono<Void> until(Mono<Void> stop) {
        return followed(stop).then();
    }

    /** The same, and compares the indexes with their tables as the configuration says. */
    Mono<Void> auditedUntil(Mono<Void> stop) {
        // The audits end first: what fails in the pipeline ends them too.
        return Mono.when(followed(stop).then(), parts.audits().apply(stop));
    }

    /**
     * As {@link #until}, but stops by itself when all loads are over and everything that was committed before the call
     * is stored.
     */
    Mono<Void> untilCaughtUp(Mono<Void> stop) {
        return parts.beat().flatMap(target -> {
            Mono<Void> caughtUp = Flux.interval(CAUGHT_UP_POLL, parts.timer())
                    .onBackpressureDrop()
                    .filter(tick -> report.isLoaded() && report.hasReached(target))
                    .next()
                    .then()
                    .cache();
            return followed(Mono.firstWithSignal(stop, caughtUp)).then();
        });
    }

    private Flux<Lsn> followed(Mono<Void> stop) {
        Flux<Lsn> beats = parts.beats().takeUntilOther(stop).filter(beat -> false);
        Mono<Lsn> guarding = parts.guard().watch().takeUntilOther(stop).then(Mono.empty());
        return Flux.merge(parts.pipeline().apply(stop), beats, guarding)
                .onErrorResume(WalBudgetExhausted.class, full -> parts.release().release(full.status()))
                .onErrorResume(SyncException.class, failure -> parts.advice().failed(database, failure));
    }
}
