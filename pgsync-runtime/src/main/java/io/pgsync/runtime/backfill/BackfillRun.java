package io.pgsync.runtime.backfill;

import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.BackfillRequests;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.Soundness;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.runtime.backfill.LoadedDatabase.Follower;
import io.pgsync.runtime.report.BackfillOutcome;
import io.pgsync.runtime.report.RunListener;
import io.pgsync.runtime.source.FollowedState;
import io.pgsync.runtime.source.SlotHolder;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * Loads indexes of one database again. The request is written to the states, and the process that holds the slot
 * performs it: a running daemon, or this process if there is none.
 */
final class BackfillRun {
    private static final Logger log = LoggerFactory.getLogger(BackfillRun.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final LoadedDatabase database;
    private final String slot;
    private final List<DocumentTree> trees;
    private final Optional<String> where;
    private final Follower follower;
    private final SyncStateStore states;
    private final Scheduler timer;
    private final boolean isHeld;

    private BackfillRun(
            Request request,
            LoadedDatabase database,
            Follower follower,
            SyncStateStore states,
            Scheduler timer,
            boolean isHeld) {
        this.slot = request.slot();
        this.trees = request.trees();
        this.where = request.where();
        this.database = database;
        this.follower = follower;
        this.states = states;
        this.timer = timer;
        this.isHeld = isHeld;
    }

    /** The part of an order that concerns one database. */
    record Request(String slot, List<DocumentTree> trees, Optional<String> where) {}

    /**
     * Writes the request. If no process runs, it first bootstraps the database, so that a backfill repairs gaps too.
     */
    static Mono<BackfillRun> request(Request request, LoadedDatabase database, SyncStateStore states, Scheduler timer) {
        return checkCondition(request, database)
                .then(new SlotHolder(Mono.defer(database::slot), timer).isThere())
                .delayUntil(isHeld -> isHeld ? Mono.empty() : database.makeSound())
                .flatMap(isHeld -> database.prepare()
                        .map(follower -> new BackfillRun(request, database, follower, states, timer, isHeld)))
                .delayUntil(BackfillRun::ask);
    }

    private static Mono<Void> checkCondition(Request request, LoadedDatabase database) {
        return Flux.fromIterable(request.trees())
                .concatMap(tree -> Mono.justOrEmpty(request.where())
                        .flatMap(condition -> database.checkCondition(tree, condition)))
                .then();
    }

    private Mono<Void> ask() {
        var requests = new BackfillRequests(states, timer);
        return Flux.fromIterable(trees)
                .concatMap(tree -> ask(requests, tree).doOnNext(asked -> asked(tree.index(), asked)))
                .then(Mono.defer(() -> isHeld ? tellHolder() : Mono.empty()));
    }

    /** Only a load of the whole leaves no document as an earlier definition made it. */
    private Mono<BackfillProgress> ask(BackfillRequests requests, DocumentTree tree) {
        return where.isPresent()
                ? requests.ask(tree.index(), where)
                : requests.askWhole(tree.index(), database.fingerprint(tree), database.definition(tree));
    }

    private void asked(String index, BackfillProgress asked) {
        follower.resumes(index, asked);
        if (where.isPresent() && asked.where().isEmpty()) {
            log.info("Index {} has to be loaded as a whole", index);
        }
    }

    /** The holder finds the request when it next writes the state, and it writes the state when its position moves. */
    private Mono<Void> tellHolder() {
        log.info("Slot {} is followed by another process: it performs the load", slot);
        return database.beat();
    }

    /** Completes when everything is loaded, whoever did it, or {@code stop} signalled before. */
    Mono<BackfillOutcome> perform(Mono<Void> stop, RunListener listener) {
        // Both ends of the run look at the same signal.
        Mono<Void> end = Mono.firstWithSignal(stop, allDone()).cache();
        return follower.told(listener, isHeld ? end : follower.until(end)).then(Mono.defer(this::outcome));
    }

    private Mono<BackfillOutcome> outcome() {
        return Flux.fromIterable(trees)
                .concatMap(tree -> state(tree.index()))
                .map(BackfillRun::outcomeOf)
                .collectList()
                .map(BackfillRun::together)
                .doOnNext(outcome -> {
                    if (outcome == BackfillOutcome.STOPPED) {
                        log.info("The request stands: the next run goes on with it");
                    }
                });
    }

    /** If a part was stopped, the whole order remains, whatever became of the other parts. */
    private static BackfillOutcome together(List<BackfillOutcome> outcomes) {
        return outcomes.contains(BackfillOutcome.STOPPED)
                ? BackfillOutcome.STOPPED
                : outcomes.stream().max(Comparator.naturalOrder()).orElse(BackfillOutcome.LOADED);
    }

    /** Judges a load, whoever performed it. A load that reached its end is no success if every document was refused. */
    private static BackfillOutcome outcomeOf(SyncState state) {
        FollowedState.require(state);
        refuseIfRefused(state);
        if (!state.backfill().isDone()) {
            return BackfillOutcome.STOPPED;
        }
        return isRefusedWhole(state) ? BackfillOutcome.REFUSED : BackfillOutcome.LOADED;
    }

    /**
     * The divergence in the state is not enough: a graver one may hide this one, and a partial load that was refused is
     * not a divergence.
     */
    static boolean isRefusedWhole(SyncState state) {
        BackfillProgress load = state.backfill();
        // A process of an earlier release does not count refused documents.
        boolean recorded = state.diverged()
                .filter(found -> found.kind() == Kind.LOAD_REFUSED)
                .isPresent();
        return load.isRefusedWhole() || (recorded && load.where().isEmpty());
    }

    private static void refuseIfRefused(SyncState state) {
        state.backfill().refusal().ifPresent(reason -> {
            throw new SyncException(
                    Remedy.STOP,
                    "The backfill of index \"" + state.index() + "\" ended early, PostgreSQL refused its condition: "
                            + reason);
        });
    }

    private Mono<Void> allDone() {
        return Flux.fromIterable(trees).concatMap(tree -> over(tree.index())).then();
    }

    /** Completes when the load is done, or when no process can go on with it. */
    private Mono<SyncState> over(String index) {
        return Flux.interval(POLL, timer)
                .onBackpressureDrop()
                .concatMap(tick -> state(index), 1)
                .doOnNext(state -> show(index, state.backfill()))
                .filter(state ->
                        state.backfill().isDone() || Soundness.of(state).isPresent())
                .next()
                .retryWhen(Retry.backoff(Long.MAX_VALUE, POLL)
                        .maxBackoff(LONGEST_PAUSE)
                        .scheduler(timer)
                        .filter(Remedy::passes));
    }

    /** A run in this process reports its load itself, and sooner. */
    private void show(String index, BackfillProgress progress) {
        if (isHeld) {
            follower.loaded(index, progress);
        }
    }

    private Mono<SyncState> state(String index) {
        return states.load(index)
                .flatMap(stored -> stored.map(StoredState::state)
                        .map(Mono::just)
                        .orElseGet(() -> Mono.error(
                                new GapException(index, "its state was removed, and the request with it."))));
    }
}
