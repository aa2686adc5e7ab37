package io.pgsync.runtime.verify;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.Soundness;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.runtime.source.FollowedState;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Waits, by the state that the following process writes, until an index shows everything that was committed. */
final class CaughtUp {
    static final Duration POLL = Duration.ofMillis(200);
    /** The process writes the state at least every ten seconds, also if nothing changes. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String index;
    private final Mono<Lsn> marker;
    private final SyncStateStore states;
    private final Scheduler timer;

    /** {@code marker} commits something without effect and gives a position behind everything committed before. */
    CaughtUp(String index, Mono<Lsn> marker, SyncStateStore states, Scheduler timer) {
        this.index = index;
        this.marker = marker;
        this.states = states;
        this.timer = timer;
    }

    /** The state when everything that was committed before the call is stored. See {@link Sides#caughtUp}. */
    Mono<SyncState> await() {
        return comparable().then(marker).flatMap(this::reached);
    }

    private Mono<SyncState> reached(Lsn target) {
        return Flux.interval(Duration.ZERO, POLL, timer)
                .onBackpressureDrop()
                .concatMap(tick -> comparable(), 1)
                .distinctUntilChanged(SyncState::stored)
                .timeout(PATIENCE, timer)
                .filter(state -> !target.isAfter(state.stored()))
                .next()
                .onErrorMap(TimeoutException.class, late -> behind(target));
    }

    private SyncException behind(Lsn target) {
        return new SyncException(
                Remedy.RETRY,
                "Index \"%s\" came no nearer to position %s for %d s. Look at \"pgsync status\": does a process follow it?"
                        .formatted(index, target, PATIENCE.toSeconds()));
    }

    /** The state as it is. See {@link Sides#comparable}. */
    Mono<SyncState> comparable() {
        return states.load(index).map(found -> {
            SyncState state =
                    found.map(StoredState::state).orElseThrow(() -> new GapException(Soundness.withoutState(index)));
            require(state);
            return state;
        });
    }

    private static void require(SyncState state) {
        FollowedState.require(state);
        if (!state.backfill().isDone()) {
            throw new SyncException(
                    Remedy.RETRY,
                    "Index \"%s\" is being loaded, %,d documents so far. Verify it when that is done."
                            .formatted(state.index(), state.backfill().documents()));
        }
    }
}
