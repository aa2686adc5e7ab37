package io.pgsync.runtime.follow;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;

/** States of indexes that are loaded up to position 10. */
final class StatesInMemory implements SyncStateStore {
    private final Map<String, StoredState> states = new HashMap<>();
    private int conflicts;

    StatesInMemory(String... indexes) {
        var source = new SourceIdentity("7212345678901234567", 1, "shop", "pgsync_shop");
        for (String index : indexes) {
            var state = new SyncState(
                    index, "uuid", source, 1, "fingerprint", BackfillProgress.DONE, new Lsn(10), List.of());
            states.put(index, new StoredState(state, "0"));
        }
    }

    /** The next writers lose so many races. */
    StatesInMemory withConflicts(int count) {
        conflicts = count;
        return this;
    }

    Set<String> indexes() {
        return Set.copyOf(states.keySet());
    }

    SyncState state(String index) {
        return states.get(index).state();
    }

    @Override
    public Mono<Optional<StoredState>> load(String index) {
        return Mono.fromSupplier(() -> Optional.ofNullable(states.get(index)));
    }

    @Override
    public Mono<StoredState> create(SyncState state) {
        return Mono.error(new StateConflictException(state.index()));
    }

    @Override
    public Mono<StoredState> replace(StoredState expected, SyncState next) {
        return Mono.defer(() -> {
            if (conflicts-- > 0 || !expected.equals(states.get(next.index()))) {
                return Mono.error(new StateConflictException(next.index()));
            }
            var stored = new StoredState(next, expected.revision() + "0");
            states.put(next.index(), stored);
            return Mono.just(stored);
        });
    }

    @Override
    public Mono<Void> delete(String index) {
        return Mono.fromRunnable(() -> states.remove(index));
    }
}
