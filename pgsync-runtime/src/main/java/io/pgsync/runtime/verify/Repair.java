package io.pgsync.runtime.verify;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.BackfillRequests;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.Soundness;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.runtime.source.FollowedState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * Orders the load of single documents in the state of their index, as {@code backfill} orders others, and waits for it.
 * The process that follows the index performs it as a new generation, which is above all versions of other hands.
 */
final class Repair {
    static final Duration POLL = Duration.ofMillis(200);
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String index;
    private final Mono<Lsn> beat;
    private final SyncStateStore states;
    private final Scheduler timer;

    /** {@code beat} moves the end of the log, so that the process that follows writes its states and finds the order. */
    Repair(String index, Mono<Lsn> beat, SyncStateStore states, Scheduler timer) {
        this.index = index;
        this.beat = beat;
        this.states = states;
        this.timer = timer;
    }

    /** See {@link Sides#repair}. */
    Mono<Void> of(List<String> ids) {
        var requests = new BackfillRequests(states, timer);
        return Flux.fromIterable(ids)
                .buffer(BackfillProgress.MOST_IDS)
                .concatMap(part -> requests.askFor(index, part).then(beat).then(Mono.defer(this::done)), 1)
                .then();
    }

    private Mono<SyncState> done() {
        return Flux.interval(POLL, timer)
                .onBackpressureDrop()
                .concatMap(tick -> states.load(index), 1)
                .map(found -> found.map(StoredState::state)
                        .orElseThrow(() -> new GapException(Soundness.withoutState(index))))
                .doOnNext(FollowedState::require)
                .filter(state -> state.backfill().isDone())
                .next()
                .retryWhen(Retry.backoff(Long.MAX_VALUE, POLL)
                        .maxBackoff(Duration.ofSeconds(2))
                        .scheduler(timer)
                        .filter(Remedy::passes))
                .timeout(PATIENCE, timer)
                .onErrorMap(
                        TimeoutException.class,
                        late -> new SyncException(
                                Remedy.RETRY,
                                "The order to repair index \"%s\" stands, but was not performed in %d s. The process that follows the index performs it; look at \"pgsync status\"."
                                        .formatted(index, PATIENCE.toSeconds())));
    }
}
