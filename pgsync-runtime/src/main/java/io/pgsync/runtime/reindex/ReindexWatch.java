package io.pgsync.runtime.reindex;

import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.PlacementStore;
import io.pgsync.core.checkpoint.PlacementStore.StoredPlacement;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.failure.SyncException;
import io.pgsync.runtime.follow.RunWatch;
import io.pgsync.runtime.placement.PlacedSchema;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Resources;
import io.pgsync.runtime.verify.SampleCheck;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Carries on, beside a run, what {@code pgsync reindex} has begun. All that it knows is in the placements, so another
 * process goes on where this one ends. One step at a time; a step that fails is tried again at the next look.
 */
public final class ReindexWatch implements RunWatch {
    private static final Logger log = LoggerFactory.getLogger(ReindexWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Map<String, Placement> begun;
    private final List<String> names;
    private final PlacementStore placements;
    private final ReindexSteps steps;
    private final Scheduler timer;
    private final Map<String, String> told = new ConcurrentHashMap<>();

    ReindexWatch(PlacedSchema schema, PlacementStore placements, ReindexSteps steps, Scheduler timer) {
        this.begun = schema.placements();
        this.names = schema.names().values().stream().distinct().toList();
        this.placements = placements;
        this.steps = steps;
        this.timer = timer;
    }

    /** For a run with these resources. */
    public static ReindexWatch of(Resources resources) {
        var engine = new ReindexEngine.Cluster(resources.engine());
        return new ReindexWatch(
                resources.placed(),
                resources.placements(),
                new ReindexSteps(
                        resources.placements(),
                        resources.states(),
                        engine,
                        new SampleCheck(resources)::objection,
                        InstantSource.system()),
                resources.timer());
    }

    @Override
    public Mono<Void> changed(List<Followed> followed) {
        return Flux.interval(INTERVAL, INTERVAL, timer)
                .onBackpressureDrop()
                .concatMap(tick -> look(followed), 1)
                .filter(changed -> changed)
                .next()
                .then();
    }

    private Mono<Boolean> look(List<Followed> followed) {
        return placements
                .load(names)
                .flatMap(found -> isChanged(found)
                        ? Mono.just(true)
                        : Flux.fromIterable(found)
                                .concatMap(stored -> step(stored, followed))
                                .then(Mono.just(false)))
                .onErrorResume(failure -> {
                    tell("", failure);
                    return Mono.just(false);
                });
    }

    /** What this run follows was decided when it began. */
    private boolean isChanged(List<StoredPlacement> found) {
        List<Placement> now = found.stream().map(StoredPlacement::placement).toList();
        return now.stream().anyMatch(MoveBehindAlias::isDue) || !followed(now).equals(followed(begun.values()));
    }

    /** The indexes of each name; one without a placement is that of its index. */
    private Map<String, Set<String>> followed(Collection<Placement> known) {
        Map<String, Set<String>> indexes = names.stream()
                .collect(Collectors.toMap(Function.identity(), Set::of, (one, same) -> one, HashMap::new));
        known.forEach(placement -> indexes.put(placement.name(), Set.copyOf(placement.followed())));
        return indexes;
    }

    private Mono<Void> step(StoredPlacement stored, List<Followed> followed) {
        return Flux.fromIterable(followed)
                .filter(one -> one.isFollowing().getAsBoolean())
                .map(Followed::database)
                .filter(database -> isOf(stored.placement(), database))
                .next()
                .flatMap(database -> steps.next(stored, database))
                .onErrorResume(failure -> {
                    tell(stored.placement().name(), failure);
                    return Mono.empty();
                });
    }

    private static boolean isOf(Placement placement, Database database) {
        return database.indexes().contains(placement.index());
    }

    /** Each failure once. Somebody else who wrote at the same time is none. */
    private void tell(String name, Throwable failure) {
        String words = String.valueOf(failure.getMessage());
        if (!(failure instanceof StateConflictException) && !words.equals(told.put(name, words))) {
            if (failure instanceof SyncException) {
                log.warn("{} The reindex{} is tried again.", words, name.isEmpty() ? "" : " of " + name);
            } else {
                log.warn("The reindex of {} is tried again", name, failure);
            }
        }
    }
}
