package io.pgsync.runtime.placement;

import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.PlacementStore;
import io.pgsync.core.checkpoint.PlacementStore.StoredPlacement;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.runtime.config.SchemaText;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Finds out where the documents of a schema file are stored, and chooses indexes for those that are stored nowhere. */
public final class Placements {
    private final PlacementStore store;
    private final SyncStateStore states;
    private final NamedIndexes engine;

    public Placements(PlacementStore store, SyncStateStore states, NamedIndexes engine) {
        this.store = store;
        this.states = states;
        this.engine = engine;
    }

    /** What the engine says of names. */
    public interface NamedIndexes {
        /** The index behind a name: itself, or the one that has the alias; an empty Optional if there is none. */
        Mono<Optional<String>> indexOf(String name);
    }

    /** Fails if the file is wrong. */
    public Mono<PlacedSchema> find(SchemaText file, Map<String, String> variables) {
        return Mono.fromSupplier(() -> PlacedSchema.namesOf(file, variables))
                .flatMap(store::load)
                .map(found -> PlacedSchema.of(file, variables, placements(found)));
    }

    private static List<Placement> placements(List<StoredPlacement> found) {
        return found.stream().map(StoredPlacement::placement).toList();
    }

    /** The same, with an index for each name that has none yet; nothing is created. */
    public Mono<PlacedSchema> findOrChoose(SchemaText file, Map<String, String> variables) {
        return Mono.fromSupplier(() -> PlacedSchema.namesOf(file, variables))
                .flatMap(names -> store.load(names).flatMap(found -> {
                    Set<String> taken = new HashSet<>(names);
                    Set<String> placed = found.stream()
                            .map(stored -> stored.placement().name())
                            .collect(Collectors.toSet());
                    return Flux.fromIterable(names)
                            .filter(name -> !placed.contains(name))
                            .concatMap(name -> choose(name, taken))
                            .collectList()
                            .map(chosen -> PlacedSchema.of(
                                    file,
                                    variables,
                                    Stream.concat(placements(found).stream(), chosen.stream())
                                            .toList()));
                }));
    }

    /** Empty for a name that stays as it is: its index is there already, or was there when it was loaded. */
    private Mono<Placement> choose(String name, Set<String> taken) {
        return states.load(name)
                .filter(Optional::isEmpty)
                .flatMap(stateless -> engine.indexOf(name))
                .flatMap(there -> there.isPresent()
                        ? Mono.justOrEmpty(there.filter(index -> isOurs(name, index)))
                        : next(name, 1, taken))
                .map(index -> Placement.of(name, index));
    }

    private static boolean isOurs(String name, String index) {
        return index.matches(Pattern.quote(name) + "-\\d+");
    }

    /** The first name from {@code number} on that no index and no state has. */
    public Mono<String> next(String name, int number, Set<String> taken) {
        String index = name + "-" + number;
        return taken.contains(index)
                ? next(name, number + 1, taken)
                : Mono.zip(engine.indexOf(index), states.load(index))
                        .flatMap(found ->
                                found.getT1().isEmpty() && found.getT2().isEmpty()
                                        ? Mono.just(index)
                                        : next(name, number + 1, taken));
    }
}
