package io.pgsync.core.checkpoint;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/** Port: keeps one {@link SyncState} per index, written by compare-and-set. */
public interface SyncStateStore {
    /** The state of an index; an empty Optional where there is none. */
    Mono<Optional<StoredState>> load(String index);

    /** Creates the state of an index; fails with {@link StateConflictException} when there is one. */
    Mono<StoredState> create(SyncState state);

    /** Replaces {@code expected}; fails with {@link StateConflictException} when somebody else wrote since it was loaded. */
    Mono<StoredState> replace(StoredState expected, SyncState next);

    /**
     * Replaces the state of an index by what {@code change} makes of it; asks {@code change} again with the newer state when somebody else
     * wrote in between, as often as {@code tries} says. Completes without a state when there is none, or {@code change} gives none; fails
     * with what {@code change} fails with, or with {@link StateConflictException} after the last try.
     */
    default Mono<StoredState> update(
            String index, Function<SyncState, Mono<SyncState>> change, RetryBackoffSpec tries) {
        return load(index)
                .flatMap(Mono::justOrEmpty)
                .flatMap(stored -> change.apply(stored.state()).flatMap(next -> replace(stored, next)))
                .retryWhen(tries.filter(StateConflictException.class::isInstance)
                        .onRetryExhaustedThrow((retry, signal) -> signal.failure()));
    }

    /** The same for a state that others seldom write at the same time: a few tries, one right after the other. */
    default Mono<StoredState> update(String index, Function<SyncState, Mono<SyncState>> change) {
        return update(index, change, Retry.fixedDelay(5, Duration.ZERO));
    }

    /** Deletes the state of an index, or does nothing where there is none. */
    Mono<Void> delete(String index);

    /** {@code revision} is the store's own; opaque. */
    record StoredState(SyncState state, String revision) {}
}
