package io.pgsync.runtime;

import io.pgsync.replication.preflight.Preflight;
import io.pgsync.runtime.backfill.Backfills;
import io.pgsync.runtime.config.BackfillOrder;
import io.pgsync.runtime.config.PgsyncConfig;
import io.pgsync.runtime.config.ReindexOrder;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import io.pgsync.runtime.config.VerifyOrder;
import io.pgsync.runtime.doctor.Examination;
import io.pgsync.runtime.doctor.ExaminedBootstrap;
import io.pgsync.runtime.explain.Explanations;
import io.pgsync.runtime.follow.Following;
import io.pgsync.runtime.follow.Followings;
import io.pgsync.runtime.plan.Plans;
import io.pgsync.runtime.reindex.FollowingRuns;
import io.pgsync.runtime.reindex.Reindexes;
import io.pgsync.runtime.report.BackfillOutcome;
import io.pgsync.runtime.report.DatabaseStatus;
import io.pgsync.runtime.report.Diagnosis;
import io.pgsync.runtime.report.ExplainedDocument;
import io.pgsync.runtime.report.ExplainedTree;
import io.pgsync.runtime.report.Plan;
import io.pgsync.runtime.report.ReindexedDocument;
import io.pgsync.runtime.report.RunFigures;
import io.pgsync.runtime.report.RunListener;
import io.pgsync.runtime.report.VerifiedIndex;
import io.pgsync.runtime.report.VerifyProgress;
import io.pgsync.runtime.setup.SourceChoice;
import io.pgsync.runtime.setup.TearDown;
import io.pgsync.runtime.source.Resources;
import io.pgsync.runtime.status.StatusLooks;
import io.pgsync.runtime.verify.Verifications;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Keeps the indexes of one schema file in step with its databases.
 *
 * <p>Every publisher is cold: it connects on subscription, and has closed everything before it ends. Several may run at
 * the same time, in one process or in several, like the commands. Nothing blocks; results come on threads of the
 * connections. Failures are {@link io.pgsync.core.failure.SyncException}s, whose remedy says whether to try again, to
 * correct something first, or to load an index again.
 */
public final class Pgsync {
    private final PgsyncConfig config;

    private Pgsync(PgsyncConfig config) {
        this.config = config;
    }

    /** Connects to nothing yet. */
    public static Pgsync of(PgsyncConfig config) {
        return new Pgsync(config);
    }

    /** Creates publication, slot, indexes and states that are missing; may be repeated, also after a failure half-way. */
    public Mono<Void> bootstrap() {
        return bootstrap(ReplicaIdentityMode.KEEP);
    }

    /**
     * As {@link #bootstrap()}, and also sets the replica identities, which decide what the log has of old rows.
     * Examines both servers once, and creates nothing before both are ready; if one is not, fails with the list of
     * everything to correct. Once begun it runs to its end, or removes what it created: cancelling only ends the
     * waiting.
     */
    public Mono<Void> bootstrap(ReplicaIdentityMode identities) {
        return Mono.fromFuture(() -> made(identities).toFuture(), true);
    }

    private Mono<Void> made(ReplicaIdentityMode identities) {
        var choice = SourceChoice.of(identities, config);
        return Resources.creating(config, resources -> new ExaminedBootstrap(resources, choice).run());
    }

    /** Removes everything that {@link #bootstrap()} created except the indexes. */
    public Mono<Void> tearDown() {
        return Resources.during(
                config,
                resources -> Mono.fromSupplier(resources::placed)
                        .then(Mono.defer(() -> resources.databases().toTearDown()))
                        .flatMap(new TearDown(resources)::run));
    }

    /**
     * Follows every change. Never completes; once cancelled it stores and confirms what is under way, and closes
     * everything.
     */
    public Mono<Void> follow() {
        return Mono.create(sink -> {
            Sinks.Empty<Void> stop = Sinks.empty();
            sink.onCancel(stop::tryEmitEmpty);
            follow(stop.asMono(), RunListener.NONE).subscribe(figures -> {}, sink::error, sink::success);
        });
    }

    /**
     * Follows every change until {@code stop} signals, then stores and confirms what is under way, and gives the last
     * figures of each database.
     *
     * @param stop must replay its signal
     */
    public Mono<List<RunFigures>> follow(Mono<Void> stop, RunListener listener) {
        return Mono.defer(() -> new FollowingRuns(config, listener).until(stop));
    }

    /** Replaces indexes by others, or takes that back; see {@link #reindex(ReindexOrder, Mono, RunListener)}. */
    public Mono<List<ReindexedDocument>> reindex(ReindexOrder order) {
        return reindex(order, Mono.never(), RunListener.NONE);
    }

    /**
     * Loads another index for each document beside the one that is searched, and gives it the name when it is right:
     * in the process that follows them, or in this one if there is none. Ends when {@code stop} signals, which must
     * replay its signal; what was begun then goes on in the process that follows. Gives each document that the order
     * concerns; empty if the file has nothing to be reindexed.
     */
    public Mono<List<ReindexedDocument>> reindex(ReindexOrder order, Mono<Void> stop, RunListener listener) {
        return Mono.defer(() -> new Reindexes(config, order, listener).run(stop));
    }

    /**
     * The same for programs without Reactor. Returns at once; its threads are daemon threads, so they do not keep the
     * JVM alive.
     */
    public RunningPgsync start() {
        return RunningPgsync.start(this);
    }

    /** Ends when everything that was committed before the call is in the indexes. */
    public Mono<List<RunFigures>> catchUp() {
        return catchUp(Mono.never(), RunListener.NONE);
    }

    /** As {@link #catchUp()}, or earlier when {@code stop} signals, which must replay its signal. */
    public Mono<List<RunFigures>> catchUp(Mono<Void> stop, RunListener listener) {
        return Resources.during(config, resources -> new Followings(resources, listener).untilCaughtUp(stop));
    }

    /** Loads indexes again: in the process that follows them, or in this one if there is none. */
    public Mono<BackfillOutcome> backfill(BackfillOrder order) {
        return backfill(order, Mono.never(), RunListener.NONE);
    }

    /**
     * As {@link #backfill(BackfillOrder)}, but ends when {@code stop} signals, which must replay its signal. The order
     * then remains for the next run.
     */
    public Mono<BackfillOutcome> backfill(BackfillOrder order, Mono<Void> stop, RunListener listener) {
        return Resources.creating(config, resources -> new Backfills(resources, order).run(stop, listener));
    }

    /** The documents that were refused and not stored after that. */
    public RefusedDocuments refused() {
        return new RefusedDocuments(config);
    }

    /** Compares indexes with their sources; see {@link #verify(VerifyOrder, Mono, Consumer)}. */
    public Mono<List<VerifiedIndex>> verify(VerifyOrder order) {
        return verify(order, Mono.never(), progress -> {});
    }

    /**
     * Compares indexes with their sources while changes go on, and gives what really differs. If no process follows
     * the slot, this one does meanwhile. Ends early, with what was found so far, when {@code stop} signals, which must
     * replay its signal.
     *
     * @param listener is told progress, on threads that it must not block
     */
    public Mono<List<VerifiedIndex>> verify(VerifyOrder order, Mono<Void> stop, Consumer<VerifyProgress> listener) {
        return Resources.during(
                config,
                resources -> new Verifications(
                                resources,
                                order,
                                database ->
                                        Following.prepare(resources, database).map(found -> found::until),
                                listener)
                        .run(stop));
    }

    /**
     * The status of each database, read from slot and state index alone; rates are measured over the time {@code over}.
     */
    public Mono<List<DatabaseStatus>> status(Duration over) {
        return Resources.during(
                config, resources -> new StatusLooks(resources).each(over).next());
    }

    /** The same, repeated without end. */
    public Flux<List<DatabaseStatus>> statuses(Duration over) {
        return Resources.each(config, resources -> new StatusLooks(resources).each(over));
    }

    /** Everything that must hold on both servers, and what does not; see {@link Preflight} for the source. Changes nothing. */
    public Mono<Diagnosis> doctor() {
        return Resources.during(config, resources -> new Examination(resources).examine());
    }

    /**
     * What the schema file would change: each document compared with what its index was loaded with and with the index
     * itself. Changes nothing; the engine is asked on indexes that are gone again when the plan is told. Fails with
     * STOP if the file is wrong.
     */
    public Mono<Plan> plan() {
        return Resources.during(config, resources -> new Plans(resources).plan());
    }

    /** The documents of the schema file, and the statements that read them. */
    public Flux<ExplainedTree> explain() {
        return Resources.each(config, resources -> new Explanations(resources).trees());
    }

    /**
     * The document with this id, in each index where the id is possible: as it would be built now, and as it is stored.
     */
    public Flux<ExplainedDocument> explain(String id) {
        return Resources.each(config, resources -> new Explanations(resources).document(id));
    }
}
