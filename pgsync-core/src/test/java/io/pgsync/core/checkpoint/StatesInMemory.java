package io.pgsync.core.checkpoint;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/** States in memory: they tell in which order they were written, may be away, and let a writer lose a race. */
public class StatesInMemory implements SyncStateStore {
    public static final SourceIdentity SOURCE = new SourceIdentity("42", 1, "shop", "pgsync");

    public final List<String> written = new ArrayList<>();
    public boolean isAway;
    /** So many races are still to be lost. */
    public int conflicts;
    /** What the winner of such a race makes of the state. */
    public UnaryOperator<SyncState> winner = UnaryOperator.identity();

    private final Map<String, StoredState> byIndex = new HashMap<>();

    /** Of indexes that are loaded, and followed up to position 10. */
    public static StatesInMemory of(String... indexes) {
        var states = new StatesInMemory();
        for (String index : indexes) {
            states.put(state(index, 10));
        }
        return states;
    }

    /** Of an index that is loaded, and followed up to {@code stored}. */
    public static SyncState state(String index, long stored) {
        return new SyncState(index, "uuid-" + index, SOURCE, 1, "f", BackfillProgress.DONE, new Lsn(stored), List.of());
    }

    /** Writes as another process does. */
    public StoredState put(SyncState state) {
        int revision = byIndex.containsKey(state.index())
                ? Integer.parseInt(byIndex.get(state.index()).revision()) + 1
                : 0;
        var stored = new StoredState(state, Integer.toString(revision));
        byIndex.put(state.index(), stored);
        return stored;
    }

    public SyncState get(String index) {
        return byIndex.get(index).state();
    }

    public Set<String> indexes() {
        return Set.copyOf(byIndex.keySet());
    }

    @Override
    public Mono<Optional<StoredState>> load(String index) {
        return Mono.fromSupplier(() -> {
            requireThere();
            return Optional.ofNullable(byIndex.get(index));
        });
    }

    @Override
    public Mono<StoredState> create(SyncState state) {
        return Mono.fromSupplier(() -> {
            requireThere();
            if (byIndex.containsKey(state.index())) {
                throw new StateConflictException(state.index());
            }
            written.add("state " + state.index() + " created");
            return put(state);
        });
    }

    @Override
    public Mono<StoredState> replace(StoredState expected, SyncState next) {
        return Mono.fromSupplier(() -> {
            requireThere();
            if (conflicts > 0) {
                conflicts--;
                put(winner.apply(get(next.index())));
            }
            if (!expected.equals(byIndex.get(next.index()))) {
                throw new StateConflictException(next.index());
            }
            written.add("state " + next.index() + " " + next.stored());
            return put(next);
        });
    }

    private void requireThere() {
        if (isAway) {
            throw new SyncException(Remedy.RETRY, "state store away");
        }
    }

    @Override
    public Mono<Void> delete(String index) {
        return Mono.fromRunnable(() -> {
            written.add("state " + index + " deleted");
            byIndex.remove(index);
        });
    }
}
