package io.pgsync.cli.run;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.BackfillRequests;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.ElasticsearchStateStore;
import io.pgsync.replication.Heartbeat;
import io.pgsync.replication.query.StatementCheck;
import io.pgsync.replication.slot.ReplicationSlots;
import io.pgsync.replication.slot.SlotStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Loads indexes of one database again. The request goes into the states, and whoever holds the slot performs it: the daemon that runs, or
 * this process when none does. All methods block.
 */
final class BackfillRun {
    private static final Logger log = LoggerFactory.getLogger(BackfillRun.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    /** Longer than a daemon pauses between two runs. */
    private static final int LOOKS_BETWEEN_RUNS = 8;

    private final Wiring wiring;
    private final Database database;
    private final List<DocumentTree> trees;
    private final Optional<String> where;
    private final Following following;
    private final SyncStateStore states;
    private final boolean isHeld;

    private BackfillRun(Wiring wiring, Database database, BackfillOrder order, SchemaText schema, boolean isHeld) {
        this.wiring = wiring;
        this.database = database;
        this.trees = order.of(database);
        this.where = order.where();
        this.following = Following.prepare(wiring, database, schema);
        this.states = new ElasticsearchStateStore(wiring.engine());
        this.isHeld = isHeld;
    }

    /** Writes the request. Without a running process everything that a run needs is made sound first, so that this repairs gaps too. */
    static BackfillRun request(
            Wiring wiring, Database database, BackfillOrder order, Bootstrap bootstrap, SchemaText schema) {
        checkCondition(database, order);
        boolean isHeld = isHeld(wiring, database);
        if (!isHeld) {
            bootstrap.run(List.of(database)).block();
        }
        var run = new BackfillRun(wiring, database, order, schema, isHeld);
        run.ask();
        return run;
    }

    /** A daemon that starts over lets its slot go for a moment: to take the slot from it then would end it. */
    private static boolean isHeld(Wiring wiring, Database database) {
        Mono<SlotStatus> slot = new ReplicationSlots(database.connections())
                .describe(database.names().slot());
        return slot.flatMap(found -> found.isActive()
                        ? Mono.just(true)
                        : Flux.interval(POLL, wiring.timer())
                                .onBackpressureDrop()
                                .take(LOOKS_BETWEEN_RUNS)
                                .concatMap(tick -> slot, 1)
                                .any(SlotStatus::isActive))
                .blockOptional()
                .orElse(false);
    }

    private static void checkCondition(Database database, BackfillOrder order) {
        var check = new StatementCheck(database.connections());
        for (DocumentTree tree : order.of(database)) {
            order.where()
                    .ifPresent(condition -> check.condition(tree, condition).block());
        }
    }

    private void ask() {
        var requests = new BackfillRequests(states, wiring.timer());
        for (DocumentTree tree : trees) {
            BackfillProgress asked =
                    requests.ask(tree.index(), where).blockOptional().orElseThrow();
            following.report().resumes(tree.index(), asked);
            if (where.isPresent() && asked.where().isEmpty()) {
                log.info("Index {} has to be loaded as a whole", tree.index());
            }
        }
        if (isHeld) {
            String slot = database.names().slot();
            log.info("Slot {} is followed by another process: it performs the load", slot);
            // It finds the request when it next writes the state, which it does when its position moves.
            new Heartbeat(database.connections(), slot).emit().block();
        }
    }

    RunReport report() {
        return following.report();
    }

    /** True when everything is loaded, whoever did it; false when {@code stop} signalled before. The request then stands. */
    boolean perform(Mono<Void> stop) {
        // Both ends of the run look at the same signal.
        Mono<Void> end = Mono.firstWithSignal(stop, allDone()).cache();
        (isHeld ? end : following.until(end)).block();
        boolean done = true;
        for (DocumentTree tree : trees) {
            SyncState state = state(tree.index()).blockOptional().orElseThrow();
            requireFollowed(state);
            BackfillProgress progress = state.backfill();
            refuseIfRefused(tree, progress);
            done &= progress.isDone();
        }
        if (!done) {
            log.info("The request stands: the next run goes on with it");
        }
        return done;
    }

    /** What a load is worth that came to its end, whoever performed it: one of which everything was refused is no success. */
    ExitCode outcome() {
        return Flux.fromIterable(trees)
                .concatMap(tree -> states.load(tree.index()))
                .concatMap(Mono::justOrEmpty)
                .any(stored -> isRefusedWhole(stored.state()))
                .map(refused -> refused ? ExitCode.CONFIGURATION : ExitCode.OK)
                .blockOptional()
                .orElseThrow();
    }

    /** What the state says of the index does not tell: a graver divergence may stand in front, and a part that is refused is none. */
    static boolean isRefusedWhole(SyncState state) {
        BackfillProgress load = state.backfill();
        // A process of an earlier release does not count what is refused.
        boolean recorded = state.diverged()
                .filter(found -> found.kind() == Kind.LOAD_REFUSED)
                .isPresent();
        return load.isRefusedWhole() || (recorded && load.where().isEmpty());
    }

    private static Optional<Diverged> unfollowed(SyncState state) {
        return state.diverged().filter(found -> !found.kind().isFollowed());
    }

    /** Who performed the load has set the document aside, or ended. */
    private static void requireFollowed(SyncState state) {
        unfollowed(state).ifPresent(found -> {
            throw state.isSetAside()
                    ? new SyncException(Remedy.STOP, found.advice(state.index(), "pgsync backfill") + ".")
                    : new GapException(found.kind(), state.index(), found + ".");
        });
    }

    private void refuseIfRefused(DocumentTree tree, BackfillProgress progress) {
        progress.refusal().ifPresent(reason -> {
            throw new SyncException(
                    Remedy.STOP,
                    "The backfill of index \"" + tree.index() + "\" ended early, PostgreSQL refused its condition: "
                            + reason);
        });
    }

    private Mono<Void> allDone() {
        return Flux.fromIterable(trees).concatMap(tree -> over(tree.index())).then();
    }

    /** Completes when the load is done, or nobody performs it any more. */
    private Mono<SyncState> over(String index) {
        return Flux.interval(POLL, wiring.timer())
                .onBackpressureDrop()
                .concatMap(tick -> state(index), 1)
                .doOnNext(state -> show(index, state.backfill()))
                .filter(state -> state.backfill().isDone() || unfollowed(state).isPresent())
                .next()
                .retryWhen(Retry.backoff(Long.MAX_VALUE, POLL)
                        .maxBackoff(LONGEST_PAUSE)
                        .filter(Remedy::passes));
    }

    /** A run in this process tells its report by itself, and sooner. */
    private void show(String index, BackfillProgress progress) {
        if (isHeld) {
            following.report().loaded(index, progress);
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
