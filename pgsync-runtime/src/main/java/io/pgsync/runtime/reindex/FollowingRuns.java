package io.pgsync.runtime.reindex;

import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.failure.Remedy;
import io.pgsync.replication.slot.ReplicationSlots;
import io.pgsync.replication.slot.SlotStatus;
import io.pgsync.runtime.config.PgsyncConfig;
import io.pgsync.runtime.follow.Followings;
import io.pgsync.runtime.follow.Followings.Ended;
import io.pgsync.runtime.report.RunFigures;
import io.pgsync.runtime.report.RunListener;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Resources;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Follows a schema file, and begins again with other indexes when a reindex changes them. */
public final class FollowingRuns {
    private static final Logger log = LoggerFactory.getLogger(FollowingRuns.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Ended AGAIN = new Ended(List.of(), true);

    private final PgsyncConfig config;
    private final RunListener listener;
    /** A fault at the first start is told at once; later the process goes on. */
    private final AtomicBoolean followed = new AtomicBoolean();

    public FollowingRuns(PgsyncConfig config, RunListener listener) {
        this.config = config;
        this.listener = listener;
    }

    /** Until {@code stop} signals, which must replay its signal; gives the last figures of each database. */
    public Mono<List<RunFigures>> until(Mono<Void> stop) {
        return Mono.defer(() -> Resources.during(config, resources -> run(resources, stop)))
                .onErrorResume(
                        failure -> followed.get() && Remedy.passes(failure),
                        failure ->
                                pause(stop).doOnSubscribe(begun -> log.warn("{} Trying again.", failure.getMessage())))
                .repeat()
                .takeUntil(ended -> !ended.beginsAgain())
                .last()
                .map(Ended::figures);
    }

    private static Mono<Ended> pause(Mono<Void> stop) {
        return Mono.firstWithSignal(Mono.delay(PAUSE).thenReturn(AGAIN), stop.thenReturn(new Ended(List.of(), false)));
    }

    private Mono<Ended> run(Resources resources, Mono<Void> stop) {
        return Mono.fromSupplier(resources::placed).flatMap(placed -> {
            List<Placement> due = placed.placements().values().stream()
                    .filter(MoveBehindAlias::isDue)
                    .toList();
            return due.isEmpty() ? follow(resources, stop) : moved(resources, due, stop);
        });
    }

    private Mono<Ended> follow(Resources resources, Mono<Void> stop) {
        return new Followings(resources, listener, ReindexWatch.of(resources))
                .until(stop)
                .doOnNext(ended -> followed.set(true));
    }

    /** While no process has the slot; so this one has not begun to follow yet. */
    private static Mono<Ended> moved(Resources resources, List<Placement> due, Mono<Void> stop) {
        var moves = new MoveBehindAlias(
                new ReindexEngine.Cluster(resources.engine()),
                resources.placements(),
                resources.states(),
                resources.refusals());
        return resources
                .databases()
                .thatFit()
                .flatMapMany(Flux::fromIterable)
                .filterWhen(FollowingRuns::isFree)
                .concatMapIterable(Database::indexes)
                .filter(index ->
                        due.stream().anyMatch(placement -> placement.index().equals(index)))
                .concatMap(index -> resources.placements().load(index))
                .concatMap(Mono::justOrEmpty)
                .filter(stored -> MoveBehindAlias.isDue(stored.placement()))
                .concatMap(moves::run)
                .then(pause(stop));
    }

    private static Mono<Boolean> isFree(Database database) {
        return new ReplicationSlots(database.connections())
                .describe(database.names().slot())
                .map(SlotStatus::isActive)
                .defaultIfEmpty(false)
                .map(active -> !active);
    }
}
