package io.pgsync.core.checkpoint;

import java.util.Optional;
import reactor.core.publisher.Mono;

/** Port: keeps one {@link SyncState} per index, written by compare-and-set. */
public interface SyncStateStore {
    Mono<Optional<StoredState>> load(String index);

    /** Creates the state of an index; fails with {@link StateConflictException} when there is one. */
    Mono<StoredState> create(SyncState state);

    /** Replaces {@code expected}; fails with {@link StateConflictException} when somebody else wrote since it was loaded. */
    Mono<StoredState> replace(StoredState expected, SyncState next);

    Mono<Void> delete(String index);

    /** {@code revision} is the store's own; opaque. */
    record StoredState(SyncState state, String revision) {}
}
