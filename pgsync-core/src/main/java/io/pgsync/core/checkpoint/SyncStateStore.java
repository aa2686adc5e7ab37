package io.pgsync.core.checkpoint;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/** Port: keeps one {@link SyncState} per index, written by compare-and-set. */
public interface SyncStateStore {
    /** The state of an index; an empty Optional if there is none. */
    Mono<Optional<StoredState>> load(String index);

    /** Creates the state of an index; fails with {@link StateConflictException} if there is one. */
    Mono<StoredState> create(SyncState state);

    /**
     * Replaces {@code expected}; fails with {@link StateConflictException} if somebody else has written it since it was
     * loaded.
     */
    Mono<StoredState> replace(StoredState expected, SyncState next);

    /**
     * Replaces the state of an index by the result of {@code change}. If somebody else wrote meanwhile, calls
     * {@code change} again with the newer state, as often as {@code tries} allows. Completes without a state if there
     * is none, or if {@code change} gives none. Fails with the failure of {@code change}, or with
     * {@link StateConflictException} after the last try.
     */
    default Mono<StoredState> update(
            String index, Function<SyncState, Mono<SyncState>> change, RetryBackoffSpec tries) {
        return load(index)
                .flatMap(Mono::justOrEmpty)
                .flatMap(stored -> change.apply(stored.state()).flatMap(next -> replace(stored, next)))
                .retryWhen(tries.filter(StateConflictException.class::isInstance)
                        .onRetryExhaustedThrow((retry, signal) -> signal.failure()));
    }

    /** The same for a state that others seldom write at the same time: a few tries without pauses. */
    default Mono<StoredState> update(String index, Function<SyncState, Mono<SyncState>> change) {
        return update(index, change, Retry.fixedDelay(5, Duration.ZERO));
    }

    /** Deletes the state of an index; does nothing if there is none. */
    Mono<Void> delete(String index);

    /** {@code revision} belongs to the store; opaque to others. */
    record StoredState(SyncState state, String revision) {}
}
