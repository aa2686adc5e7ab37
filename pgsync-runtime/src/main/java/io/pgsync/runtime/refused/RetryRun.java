package io.pgsync.runtime.refused;

import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.Soundness;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.refusal.RefusalStore;
import io.pgsync.core.refusal.RefusalStore.Revised;
import io.pgsync.core.refusal.RetryOrder;
import io.pgsync.runtime.report.RefusedOfIndex;
import io.pgsync.runtime.report.RetryOutcome;
import io.pgsync.runtime.source.Deputy;
import io.pgsync.runtime.source.FollowedState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * Tries refused documents of one database again. The orders are written beside the states, and the process that holds
 * the slot performs them: a running daemon, or this process if there is none.
 */
final class RetryRun {
    private static final Logger log = LoggerFactory.getLogger(RetryRun.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final int MOST_CONFLICTS = 20;

    private final SyncStateStore states;
    private final RefusalStore records;
    private final Scheduler timer;
    private final Follower follower;

    RetryRun(SyncStateStore states, RefusalStore records, Scheduler timer, Follower follower) {
        this.states = states;
        this.records = records;
        this.timer = timer;
        this.follower = follower;
    }

    /** Who follows the database. */
    interface Follower {
        /** Whether another process does. */
        Mono<Boolean> isAnother();

        /** Follows it in this process until {@code end} signals. */
        Mono<Void> until(Mono<Void> end);
    }

    /**
     * Completes when all documents were tried, whoever did it, or {@code stop} signalled before.
     *
     * @param whole whether {@code found} are all refused documents of their indexes
     */
    Mono<List<RetryOutcome>> perform(List<RefusedOfIndex> found, boolean whole, Mono<Void> stop) {
        if (found.isEmpty()) {
            return Mono.just(List.of());
        }
        return Flux.fromIterable(found)
                .concatMap(this::looked)
                .collectList()
                .flatMap(looks -> performed(looks, whole, stop))
                .map(RetryRun::outcomes);
    }

    /** {@code left}: why the documents of the index cannot be tried. */
    private record Look(RefusedOfIndex of, Optional<SyncException> left, RetryOutcome outcome) {}

    private Mono<Look> looked(RefusedOfIndex of) {
        return outcome(of)
                .map(outcome -> new Look(of, Optional.empty(), outcome))
                .onErrorResume(
                        SyncException.class,
                        why -> Remedy.passes(why)
                                ? Mono.error(why)
                                : Mono.just(new Look(of, Optional.of(why), left(of, why))));
    }

    private static RetryOutcome left(RefusedOfIndex of, SyncException why) {
        return new RetryOutcome(of.index(), of.count(), of.ids(), false, Optional.ofNullable(why.getMessage()));
    }

    /** Fails if no index is left whose documents were tried. */
    private static List<RetryOutcome> outcomes(List<Look> looks) {
        if (looks.stream().allMatch(look -> look.left().isPresent())) {
            throw looks.get(0).left().orElseThrow();
        }
        return looks.stream().map(Look::outcome).toList();
    }

    private Mono<List<Look>> performed(List<Look> looks, boolean whole, Mono<Void> stop) {
        List<RefusedOfIndex> fit = looks.stream()
                .filter(look -> look.left().isEmpty())
                .map(Look::of)
                .toList();
        if (fit.isEmpty()) {
            return Mono.just(looks);
        }
        return follower.isAnother()
                .delayUntil(isAnother -> order(fit, whole))
                .flatMap(isAnother -> performed(
                        isAnother, Mono.firstWithSignal(stop, allOver(fit)).cache()))
                .thenMany(Flux.fromIterable(looks))
                .concatMap(look -> look.left().isPresent() ? Mono.just(look) : looked(look.of()))
                .collectList();
    }

    private Mono<Boolean> performed(boolean isAnother, Mono<Void> end) {
        if (isAnother) {
            log.info("Another process follows the database: it tries the documents again");
        }
        Mono<Void> work = isAnother
                ? new Deputy(follower.isAnother(), timer).waitFor(end, () -> follower.until(end))
                : follower.until(end);
        return work.thenReturn(isAnother);
    }

    private Mono<Void> order(List<RefusedOfIndex> found, boolean whole) {
        return Flux.fromIterable(found)
                .concatMap(of -> order(of.index(), whole ? RetryOrder.ALL : RetryOrder.of(of.ids())))
                .then();
    }

    /** An order that another command has given stays, and both are performed. */
    private Mono<Revised<RetryOrder>> order(String index, RetryOrder more) {
        return records.order(index)
                .flatMap(before ->
                        records.replaceOrder(index, before, before.value().and(more)))
                .retryWhen(Retry.max(MOST_CONFLICTS)
                        .filter(StateConflictException.class::isInstance)
                        .onRetryExhaustedThrow((retry, signal) -> signal.failure()));
    }

    private Mono<Void> allOver(List<RefusedOfIndex> found) {
        return Flux.fromIterable(found).concatMap(this::over).then();
    }

    /** Ends when the order is performed, or no process can perform it. */
    private Mono<Boolean> over(RefusedOfIndex found) {
        return Flux.interval(POLL, timer)
                .onBackpressureDrop()
                .concatMap(tick -> isOver(found), 1)
                .filter(over -> over)
                .next()
                .retryWhen(Retry.backoff(Long.MAX_VALUE, POLL)
                        .maxBackoff(LONGEST_PAUSE)
                        .scheduler(timer)
                        .filter(Remedy::passes));
    }

    private Mono<Boolean> isOver(RefusedOfIndex found) {
        return state(found.index())
                .flatMap(state ->
                        Soundness.of(state).isPresent() || refused(found, state).isEmpty()
                                ? Mono.just(true)
                                : records.order(found.index())
                                        .map(order -> order.value().isNone()));
    }

    private Mono<RetryOutcome> outcome(RefusedOfIndex found) {
        // First the order: the state is written before the order ends.
        return records.order(found.index())
                .flatMap(order -> state(found.index())
                        .doOnNext(FollowedState::require)
                        .map(state -> outcome(found, refused(found, state), order.value())));
    }

    private static RetryOutcome outcome(RefusedOfIndex found, List<String> refused, RetryOrder order) {
        return new RetryOutcome(found.index(), found.count(), refused, !refused.isEmpty() && !order.isNone());
    }

    private static List<String> refused(RefusedOfIndex found, SyncState state) {
        var refused = new ArrayList<>(found.ids());
        refused.retainAll(new HashSet<>(state.refused()));
        return refused;
    }

    private Mono<SyncState> state(String index) {
        return states.load(index)
                .flatMap(stored -> stored.map(StoredState::state)
                        .map(Mono::just)
                        .orElseGet(() -> Mono.error(new GapException(Soundness.withoutState(index)))));
    }
}
