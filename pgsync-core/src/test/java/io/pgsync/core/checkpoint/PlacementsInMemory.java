package io.pgsync.core.checkpoint;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** Placements in memory. */
public final class PlacementsInMemory implements PlacementStore {
    private final Map<String, StoredPlacement> byName = new HashMap<>();

    public static PlacementsInMemory of(Placement... placements) {
        var store = new PlacementsInMemory();
        for (Placement placement : placements) {
            store.put(placement);
        }
        return store;
    }

    /** Writes as another process does. */
    public StoredPlacement put(Placement placement) {
        StoredPlacement before = byName.get(placement.name());
        int revision = before == null ? 0 : Integer.parseInt(before.revision()) + 1;
        var stored = new StoredPlacement(placement, Integer.toString(revision));
        byName.put(placement.name(), stored);
        return stored;
    }

    public Placement get(String name) {
        return Objects.requireNonNull(byName.get(name)).placement();
    }

    public boolean has(String name) {
        return byName.containsKey(name);
    }

    @Override
    public Mono<List<StoredPlacement>> load(Collection<String> names) {
        return Mono.fromSupplier(
                () -> names.stream().map(byName::get).filter(Objects::nonNull).toList());
    }

    @Override
    public Mono<StoredPlacement> create(Placement placement) {
        return Mono.fromSupplier(() -> {
            if (byName.containsKey(placement.name()) && !get(placement.name()).equals(placement)) {
                throw new StateConflictException(placement.name());
            }
            return put(placement);
        });
    }

    @Override
    public Mono<StoredPlacement> replace(StoredPlacement expected, Placement next) {
        return Mono.fromSupplier(() -> {
            if (!expected.equals(byName.get(next.name()))) {
                throw new StateConflictException(next.name());
            }
            return put(next);
        });
    }

    @Override
    public Mono<Void> delete(String name) {
        return Mono.fromRunnable(() -> byName.remove(name));
    }
}
