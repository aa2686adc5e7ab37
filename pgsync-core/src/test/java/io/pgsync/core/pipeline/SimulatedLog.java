package io.pgsync.core.pipeline;

import io.pgsync.core.affected.IndexSearch;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.handover.Backlog;
import io.pgsync.core.handover.LogLook;
import io.pgsync.core.handover.LogPosition;
import io.pgsync.core.handover.OwnedWorkLog;
import io.pgsync.core.handover.RootWork;
import io.pgsync.core.handover.WorkLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import reactor.core.publisher.Mono;

/**
 * A log of work as Kafka is one: partitions by document in two lanes, in which records arrive late, also after their owner is gone; committed
 * offsets that arrive late or never; and a record of the owner that only the newest can write.
 */
final class SimulatedLog implements WorkLog {
    private static final int PARTITIONS = 2;

    private final SimulatedWorld world;
    final List<Partition> partitions =
            IntStream.range(0, 2 * PARTITIONS).mapToObj(lane -> new Partition()).toList();
    final List<IndexSearch> searches = new ArrayList<>();
    int searched;
    private LogPosition recorded = LogPosition.NONE;
    private long owner;

    SimulatedLog(SimulatedWorld world) {
        this.world = world;
    }

    /** What the brokers have. */
    static final class Partition {
        final List<RootWork> records = new ArrayList<>();
        int committed;
    }

    Partition of(RootWork work) {
        int number = Math.floorMod(work.id().hashCode(), PARTITIONS);
        return partitions.get(work.many() ? PARTITIONS + number : number);
    }

    /** Whether a root is in the log and not stored yet, or is perhaps found by a search that is. */
    boolean holds(String id) {
        return searched < searches.size()
                || partitions.stream()
                        .anyMatch(partition ->
                                partition.records.subList(partition.committed, partition.records.size()).stream()
                                        .anyMatch(work -> work.id().equals(id)));
    }

    @Override
    public Mono<LogLook> look() {
        return arrives(() -> new LogLook(recorded, Backlog.NOTHING));
    }

    @Override
    public Mono<List<Finding>> examine() {
        return Mono.just(List.of());
    }

    @Override
    public Mono<OwnedWorkLog> own(long leastGeneration, Consumer<Lsn> stored) {
        return arrives(() -> {
            owner = Math.max(owner + 1, leastGeneration);
            return new SimulatedOwner(this, world, owner, recorded, stored);
        });
    }

    @Override
    public Mono<Void> remove() {
        return Mono.empty();
    }

    /** Those of a lane. */
    List<Partition> lane(boolean many) {
        return partitions.subList(many ? PARTITIONS : 0, many ? 2 * PARTITIONS : PARTITIONS);
    }

    /** What is in each partition now. */
    Map<Partition, Integer> ends() {
        Map<Partition, Integer> ends = new LinkedHashMap<>();
        partitions.forEach(partition -> ends.put(partition, partition.records.size()));
        return ends;
    }

    /** Fails if there is a newer owner than that of {@code generation}. */
    void record(long generation, LogPosition position) {
        if (generation < owner) {
            // It begins again; if another one has the slot, it is told there.
            throw new SyncException(Remedy.RETRY, "superseded");
        }
        recorded = position;
    }

    interface Request<T> {
        T apply();
    }

    /** After a while, and its answer after another one. */
    <T> Mono<T> arrives(Request<T> request) {
        return Mono.create(answer -> world.later(5, () -> {
            T result = request.apply();
            world.later(5, () -> answer.success(result));
        }));
    }
}
