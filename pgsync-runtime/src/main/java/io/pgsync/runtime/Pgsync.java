package io.pgsync.runtime;

import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.replication.preflight.Preflight;
import io.pgsync.runtime.backfill.Backfills;
import io.pgsync.runtime.config.BackfillOrder;
import io.pgsync.runtime.config.PgsyncConfig;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import io.pgsync.runtime.doctor.Examination;
import io.pgsync.runtime.explain.Explanations;
import io.pgsync.runtime.follow.Followings;
import io.pgsync.runtime.report.BackfillOutcome;
import io.pgsync.runtime.report.DatabaseStatus;
import io.pgsync.runtime.report.Diagnosis;
import io.pgsync.runtime.report.ExplainedDocument;
import io.pgsync.runtime.report.ExplainedTree;
import io.pgsync.runtime.report.RunFigures;
import io.pgsync.runtime.report.RunListener;
import io.pgsync.runtime.setup.Bootstrap;
import io.pgsync.runtime.setup.IdentityChoice;
import io.pgsync.runtime.setup.TearDown;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Resources;
import io.pgsync.runtime.source.SlotOwnership;
import io.pgsync.runtime.status.StatusLooks;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Keeps the indexes of one schema file in step with its databases.
 *
 * <p>Every publisher is cold: it connects when it is subscribed to, and has let go of everything before it ends. Several may run at a time,
 * in one process or in many, as the commands may. Nothing blocks; results come on threads of the connections. Failures are
 * {@link io.pgsync.core.failure.SyncException}s, whose remedy says whether to try again, to correct something first, or to load an index again.
 */
public final class Pgsync {
    private static final Logger log = LoggerFactory.getLogger(Pgsync.class);

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
     * As {@link #bootstrap()}, and settles what the log says of old rows. Examines both servers once, and makes nothing before they are ready
     * for it; fails with everything that must be mended. Once begun it goes to its end, or takes back what it made: who cancels only stops to wait for it.
     */
    public Mono<Void> bootstrap(ReplicaIdentityMode identities) {
        return Mono.fromFuture(() -> made(identities).toFuture(), true);
    }

    private Mono<Void> made(ReplicaIdentityMode identities) {
        var choice = new IdentityChoice(identities, config.insertOnly());
        return Resources.during(config, resources -> {
            var bootstrap = new Bootstrap(resources, choice);
            return resources
                    .uncheckedDatabases()
                    .delayUntil(databases -> resources.engine().check())
                    .flatMap(databases -> claimed(resources, databases))
                    .delayUntil(bootstrap::noteWhatOthersLeaveOut)
                    .delayUntil(databases ->
                            new Examination(resources).check(databases, choice).doOnNext(Pgsync::require))
                    .flatMap(bootstrap::make);
        });
    }

    /** Each with a slot and a publication that are its own; other schema files may have theirs in the same database. */
    private static Mono<List<Database>> claimed(Resources resources, List<Database> databases) {
        var ownership = new SlotOwnership(resources.config().names(), resources.states());
        return Flux.fromIterable(databases).concatMap(ownership::claim).collectList();
    }

    /** Problems stop it all together; what the databases warn of is shown. */
    private static void require(Diagnosis diagnosis) {
        diagnosis.requireNoProblem();
        diagnosis
                .sources()
                .filter(finding -> finding.severity() == Severity.WARNING)
                .distinct()
                .forEach(warning -> log.warn("{}", warning));
    }

    /** Removes what {@link #bootstrap()} created, but the indexes. */
    public Mono<Void> tearDown() {
        return Resources.during(
                config, resources -> resources.databasesToTearDown().flatMap(new TearDown(resources)::run));
    }

    /** Follows every change. Never completes; once cancelled it stores and confirms what is under way, and lets go. */
    public Mono<Void> follow() {
        return Mono.create(sink -> {
            Sinks.Empty<Void> stop = Sinks.empty();
            sink.onCancel(stop::tryEmitEmpty);
            follow(stop.asMono(), RunListener.NONE).subscribe(figures -> {}, sink::error, sink::success);
        });
    }

    /**
     * Follows every change until {@code stop} signals, then stores and confirms what is under way, and gives how each database stood.
     *
     * @param stop must replay its signal
     */
    public Mono<List<RunFigures>> follow(Mono<Void> stop, RunListener listener) {
        return Resources.during(config, resources -> new Followings(resources, listener).until(stop));
    }

    /** The same for programs without Reactor. Returns at once; the threads are daemons, which keep no program from ending. */
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

    /** Loads indexes again: by the process that follows them, or here where none does. */
    public Mono<BackfillOutcome> backfill(BackfillOrder order) {
        return backfill(order, Mono.never(), RunListener.NONE);
    }

    /** As {@link #backfill(BackfillOrder)}; {@code stop} leaves the order standing, and must replay its signal. */
    public Mono<BackfillOutcome> backfill(BackfillOrder order, Mono<Void> stop, RunListener listener) {
        return Resources.during(config, resources -> new Backfills(resources, order).run(stop, listener));
    }

    /** How each database stands, from slot and state index alone; rates are those of {@code over}. */
    public Mono<List<DatabaseStatus>> status(Duration over) {
        return Resources.during(
                config, resources -> new StatusLooks(resources).each(over).next());
    }

    /** The same again and again, endless. */
    public Flux<List<DatabaseStatus>> statuses(Duration over) {
        return Resources.each(config, resources -> new StatusLooks(resources).each(over));
    }

    /** Everything that must hold on both servers, and what does not; see {@link Preflight} for the source. Changes nothing. */
    public Mono<Diagnosis> doctor() {
        return Resources.during(config, resources -> new Examination(resources).examine());
    }

    /** The documents of the schema file, and the statements that read them. */
    public Flux<ExplainedTree> explain() {
        return Resources.each(config, resources -> new Explanations(resources).trees());
    }

    /** One document of each index where it may be one, as it would be built now beside what is stored. */
    public Flux<ExplainedDocument> explain(String id) {
        return Resources.each(config, resources -> new Explanations(resources).document(id));
    }
}
