package io.pgsync.core.pipeline;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeSource;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** States and a slot in memory that tell in which order they were written. */
final class States implements SyncStateStore {
    static final SourceIdentity IDENTITY = new SourceIdentity("42", 1, "shop", "pgsync");

    final List<String> written = new ArrayList<>();
    boolean isAway;
    private final Map<String, StoredState> byIndex = new HashMap<>();

    static SyncState state(String index, long stored) {
        return new SyncState(
                index, "uuid-" + index, IDENTITY, 1, "f", BackfillProgress.DONE, new Lsn(stored), List.of());
    }

    StoredState put(SyncState state) {
        int revision = byIndex.containsKey(state.index())
                ? Integer.parseInt(byIndex.get(state.index()).revision()) + 1
                : 0;
        var stored = new StoredState(state, Integer.toString(revision));
        byIndex.put(state.index(), stored);
        return stored;
    }

    SyncState get(String index) {
        return byIndex.get(index).state();
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
        return Mono.fromSupplier(() -> put(state));
    }

    @Override
    public Mono<StoredState> replace(StoredState expected, SyncState next) {
        return Mono.fromSupplier(() -> {
            requireThere();
            if (!byIndex.get(next.index()).equals(expected)) {
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
        return Mono.fromRunnable(() -> byIndex.remove(index));
    }

    /** A source that is confirmed up to {@code confirmed} and gives {@code changes}. */
    ChangeSource source(long confirmed, Flux<ChangeEvent> changes) {
        return new ChangeSource() {
            @Override
            public SourcePosition position() {
                return new SourcePosition(IDENTITY, new Lsn(confirmed), new Lsn(Long.MAX_VALUE));
            }

            @Override
            public Flux<ChangeEvent> changes() {
                return changes;
            }

            @Override
            public Mono<Void> acknowledge(Lsn end) {
                return Mono.fromRunnable(() -> written.add("slot " + end));
            }

            @Override
            public Mono<Void> close() {
                return Mono.fromRunnable(() -> written.add("closed"));
            }
        };
    }
}
