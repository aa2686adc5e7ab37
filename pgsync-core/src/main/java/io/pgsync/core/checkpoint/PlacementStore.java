package io.pgsync.core.checkpoint;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Port: keeps one {@link Placement} per name beside the states, written by compare-and-set. */
public interface PlacementStore {
    /** Those of these names that have one, in any order. */
    Mono<List<StoredPlacement>> load(Collection<String> names);

    /** The one of a name; an empty Optional if there is none. */
    default Mono<Optional<StoredPlacement>> load(String name) {
        return load(List.of(name)).map(found -> found.stream().findFirst());
    }

    /** Creates one; fails with {@link StateConflictException} if there is one already, unless it is equal. */
    Mono<StoredPlacement> create(Placement placement);

    /**
     * Replaces {@code expected}; fails with {@link StateConflictException} if somebody else has written it since it was
     * loaded, unless what is there equals {@code next}.
     */
    Mono<StoredPlacement> replace(StoredPlacement expected, Placement next);

    /** Deletes the one of a name; does nothing if there is none. */
    Mono<Void> delete(String name);

    /**
     * Replaces the placement of a name by the result of {@code change}; gives nothing, and changes nothing, if
     * {@code change} gives nothing or there is no placement. Once: fails with {@link StateConflictException} if somebody
     * else writes at the same time.
     */
    default Mono<StoredPlacement> update(String name, Function<Placement, Optional<Placement>> change) {
        return load(name)
                .flatMap(Mono::justOrEmpty)
                .flatMap(stored ->
                        Mono.justOrEmpty(change.apply(stored.placement())).flatMap(next -> replace(stored, next)));
    }

    /** {@code revision} belongs to the store; opaque to others. */
    record StoredPlacement(Placement placement, String revision) {}
}
