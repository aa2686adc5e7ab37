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
import io.pgsync.core.handover.TakenRoot;
import io.pgsync.core.handover.TakenSearches;
import io.pgsync.core.handover.WorkLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * A log of work as Kafka is one: partitions by document in two lanes, in which records arrive late, also after their owner is gone; committed
 * offsets that arrive late or never; and a record of the owner that only the newest can write.
 */
final class SimulatedLog implements WorkLog {
    private static final int PARTITIONS = 2;

    private final SimulatedWorld world;
    private final List<Partition> partitions =
            IntStream.range(0, 2 * PARTITIONS).mapToObj(lane -> new Partition()).toList();
    private final List<IndexSearch> searches = new ArrayList<>();
    private int searched;
    private LogPosition recorded = LogPosition.NONE;
    private long owner;

    SimulatedLog(SimulatedWorld world) {
        this.world = world;
    }

    /** What the brokers have. */
    private static final class Partition {
        final List<RootWork> records = new ArrayList<>();
        int committed;
    }

    private Partition of(RootWork work) {
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
            return new Owned(owner, recorded, stored);
        });
    }

    @Override
    public Mono<Void> remove() {
        return Mono.empty();
    }

    private interface Request<T> {
        T apply();
    }

    private <T> Mono<T> arrives(Request<T> request) {
        return Mono.create(answer -> world.later(5, () -> {
            T result = request.apply();
            world.later(5, () -> answer.success(result));
        }));
    }

    /** One owner, which may believe in itself long after there is a newer one. */
    private final class Owned implements OwnedWorkLog {
        private final long generation;
        private final LogPosition before;
        private final Consumer<Lsn> told;
        private final Map<Partition, Reading> readings = new LinkedHashMap<>();
        private final Map<Lsn, Mark> marks = new LinkedHashMap<>();
        private final Map<FluxSink<TakenRoot>, Boolean> takers = new LinkedHashMap<>();
        private final List<Settling> settling = new ArrayList<>();
        private Lsn marked = Lsn.ZERO;
        private Lsn stored = Lsn.ZERO;
        private boolean ended;

        Owned(long generation, LogPosition before, Consumer<Lsn> told) {
            this.generation = generation;
            this.before = before;
            this.told = told;
            partitions.forEach(partition -> readings.put(partition, new Reading(partition.committed)));
            nextSearch = searched;
        }

        private int nextSearch;
        private @Nullable FluxSink<TakenSearches> searcher;

        /** {@code searches}: so many must be done before {@code ends} can be known. */
        private record Mark(int searches, Map<Partition, Integer> ends) {}

        @Override
        public Backlog backlog() {
            return Backlog.NOTHING;
        }

        @Override
        public Mono<Void> append(IndexSearch search) {
            return Mono.create(answer -> world.later(8, () -> {
                searches.add(search);
                world.later(5, answer::success);
                world.later(8, this::giveSearches);
            }));
        }

        @Override
        public Flux<TakenSearches> searches() {
            return Flux.create(sink -> {
                searcher = sink;
                sink.onRequest(n -> world.later(3, this::giveSearches));
            });
        }

        private void giveSearches() {
            FluxSink<TakenSearches> sink = searcher;
            while (sink != null && !ended && sink.requestedFromDownstream() > 0 && nextSearch < searches.size()) {
                int next = ++nextSearch;
                sink.next(new TakenSearches(
                        List.of(searches.get(next - 1)), () -> world.later(6, () -> commitSearches(next))));
            }
        }

        /** They are done in their order, and what is told of it comes in any. */
        private void commitSearches(int upTo) {
            searched = Math.max(searched, upTo);
            progress();
        }

        private record Settling(Map<Partition, Integer> ends, MonoSink<Void> sink) {}

        /** {@code next} is given out next, everything before {@code committed} is; {@code done} are those between. */
        private static final class Reading {
            final TreeSet<Integer> done = new TreeSet<>();
            int next;
            int prefix;
            int committed;
            /** Records of one producer arrive in the order in which they were sent. */
            int sent;

            int arrived;

            Reading(int committed) {
                this.next = committed;
                this.prefix = committed;
                this.committed = committed;
            }
        }

        private Reading reading(Partition partition) {
            return readings.get(partition);
        }

        @Override
        public long generation() {
            return generation;
        }

        @Override
        public LogPosition position() {
            return before;
        }

        @Override
        public Optional<String> loss() {
            return Optional.empty();
        }

        @Override
        public Mono<Void> begin(boolean anew) {
            return arrives(() -> anew).then();
        }

        @Override
        public Mono<Void> append(RootWork work) {
            return Mono.create(answer -> {
                Reading reading = reading(of(work));
                int turn = reading.sent++;
                world.later(8, () -> arrive(work, turn, answer));
            });
        }

        private void arrive(RootWork work, int turn, MonoSink<Void> answer) {
            Reading reading = reading(of(work));
            if (reading.arrived < turn) {
                world.later(3, () -> arrive(work, turn, answer));
                return;
            }
            reading.arrived++;
            of(work).records.add(work);
            world.later(5, answer::success);
            world.later(8, this::give);
        }

        @Override
        public Flux<TakenRoot> taken(boolean many) {
            return Flux.create(sink -> {
                takers.put(sink, many);
                sink.onRequest(n -> world.later(3, () -> give(many, sink)));
            });
        }

        private void give() {
            takers.forEach((sink, many) -> give(many, sink));
        }

        private void give(boolean many, FluxSink<TakenRoot> sink) {
            for (Partition partition : partitions.subList(many ? PARTITIONS : 0, many ? 2 * PARTITIONS : PARTITIONS)) {
                Reading reading = reading(partition);
                while (!ended && sink.requestedFromDownstream() > 0 && reading.next < partition.records.size()) {
                    int offset = reading.next++;
                    RootWork work = partition.records.get(offset);
                    sink.next(new TakenRoot(work.root(), work.version(), () -> done(partition, offset)));
                }
            }
        }

        private void done(Partition partition, int offset) {
            Reading reading = reading(partition);
            reading.done.add(offset);
            while (reading.done.remove(reading.prefix)) {
                reading.prefix++;
            }
            int prefix = reading.prefix;
            world.later(6, () -> commit(partition, prefix));
        }

        /** An older owner's commit may set it back. */
        private void commit(Partition partition, int prefix) {
            Reading reading = reading(partition);
            if (prefix > reading.committed) {
                partition.committed = prefix;
                reading.committed = prefix;
                progress();
            }
        }

        private boolean isCommitted(Map<Partition, Integer> ends) {
            return ends.entrySet().stream().allMatch(end -> reading(end.getKey()).committed >= end.getValue());
        }

        private void progress() {
            List.copyOf(settling).stream()
                    .filter(one -> isCommitted(one.ends()))
                    .forEach(one -> {
                        settling.remove(one);
                        one.sink().success();
                    });
            marks.replaceAll((position, mark) ->
                    mark.searches() > 0 && mark.searches() <= searched ? new Mark(0, ends()) : mark);
            List.copyOf(marks.keySet()).stream()
                    .filter(position -> marks.get(position).searches() == 0
                            && isCommitted(marks.get(position).ends()))
                    .forEach(position -> {
                        marks.remove(position);
                        stored = position.isAfter(stored) ? position : stored;
                        told.accept(position);
                    });
        }

        private Map<Partition, Integer> ends() {
            Map<Partition, Integer> ends = new LinkedHashMap<>();
            partitions.forEach(partition -> ends.put(partition, partition.records.size()));
            return ends;
        }

        @Override
        public void endTaking() {
            ended = true;
            takers.keySet().forEach(FluxSink::complete);
            if (searcher != null) {
                searcher.complete();
            }
        }

        @Override
        public Mono<Void> settled() {
            return Mono.create(sink -> world.later(4, () -> {
                settling.add(new Settling(ends(), sink));
                progress();
            }));
        }

        @Override
        public void mark(Lsn position) {
            if (position.isAfter(marked)) {
                marked = position;
                marks.put(position, new Mark(searched < searches.size() ? searches.size() : 0, ends()));
                progress();
            }
        }

        @Override
        public Lsn stored() {
            return stored;
        }

        @Override
        public Mono<Void> record(LogPosition position) {
            return Mono.create(answer -> world.later(5, () -> {
                if (generation < owner) {
                    // It begins again; if another one has the slot, it is told there.
                    answer.error(new SyncException(Remedy.RETRY, "superseded"));
                } else {
                    recorded = position;
                    world.later(3, answer::success);
                }
            }));
        }

        @Override
        public Mono<Void> keep() {
            return Mono.never();
        }

        @Override
        public Mono<Void> close() {
            return arrives(() -> {
                        partitions.forEach(partition -> commit(partition, reading(partition).prefix));
                        return true;
                    })
                    .then();
        }
    }
}
