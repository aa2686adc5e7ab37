package io.pgsync.core.pipeline;

import io.pgsync.core.affected.IndexSearch;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.handover.Backlog;
import io.pgsync.core.handover.LogPosition;
import io.pgsync.core.handover.OwnedWorkLog;
import io.pgsync.core.handover.RootWork;
import io.pgsync.core.handover.TakenRoot;
import io.pgsync.core.handover.TakenSearches;
import io.pgsync.core.pipeline.SimulatedLog.Partition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** One owner of a {@link SimulatedLog}, which may believe in itself long after there is a newer one. */
final class SimulatedOwner implements OwnedWorkLog {
    private final SimulatedLog log;
    private final SimulatedWorld world;
    private final long generation;
    private final LogPosition before;
    private final Consumer<Lsn> told;
    private final Map<Partition, SimulatedReading> readings = new LinkedHashMap<>();
    private final Map<Lsn, Mark> marks = new LinkedHashMap<>();
    private final Map<FluxSink<List<TakenRoot>>, Boolean> takers = new LinkedHashMap<>();
    private final List<Settling> settling = new ArrayList<>();
    private Lsn marked = Lsn.ZERO;
    private Lsn stored = Lsn.ZERO;
    private boolean ended;
    private int nextSearch;
    private @Nullable FluxSink<TakenSearches> searcher;

    SimulatedOwner(SimulatedLog log, SimulatedWorld world, long generation, LogPosition before, Consumer<Lsn> told) {
        this.log = log;
        this.world = world;
        this.generation = generation;
        this.before = before;
        this.told = told;
        log.partitions.forEach(partition -> readings.put(partition, new SimulatedReading(partition.committed)));
        nextSearch = log.searched;
    }

    /** {@code searches}: so many must be done before {@code ends} can be known. */
    private record Mark(int searches, Map<Partition, Integer> ends) {}

    @Override
    public Backlog backlog() {
        return Backlog.NOTHING;
    }

    @Override
    public Mono<Void> append(IndexSearch search) {
        return Mono.create(answer -> world.later(8, () -> {
            log.searches.add(search);
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
        while (sink != null && !ended && sink.requestedFromDownstream() > 0 && nextSearch < log.searches.size()) {
            int next = ++nextSearch;
            sink.next(new TakenSearches(
                    List.of(log.searches.get(next - 1)), () -> world.later(6, () -> commitSearches(next))));
        }
    }

    /** They are done in their order, and what is told of it comes in any. */
    private void commitSearches(int upTo) {
        log.searched = Math.max(log.searched, upTo);
        progress();
    }

    private record Settling(Map<Partition, Integer> ends, MonoSink<Void> sink) {}

    private SimulatedReading reading(Partition partition) {
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
        return log.arrives(() -> anew).then();
    }

    @Override
    public Mono<Void> append(List<RootWork> works) {
        return Mono.when(works.stream().map(this::append).toList());
    }

    private Mono<Void> append(RootWork work) {
        return Mono.create(answer -> {
            SimulatedReading reading = reading(log.of(work));
            int turn = reading.turn();
            world.later(8, () -> arrive(work, turn, answer));
        });
    }

    private void arrive(RootWork work, int turn, MonoSink<Void> answer) {
        SimulatedReading reading = reading(log.of(work));
        if (!reading.arrives(turn)) {
            world.later(3, () -> arrive(work, turn, answer));
            return;
        }
        log.of(work).records.add(work);
        world.later(5, answer::success);
        world.later(8, this::give);
    }

    @Override
    public Flux<List<TakenRoot>> taken(boolean many) {
        return Flux.create(sink -> {
            takers.put(sink, many);
            sink.onRequest(n -> world.later(3, () -> give(many, sink)));
        });
    }

    private void give() {
        takers.forEach((sink, many) -> give(many, sink));
    }

    private void give(boolean many, FluxSink<List<TakenRoot>> sink) {
        for (Partition partition : log.lane(many)) {
            SimulatedReading reading = reading(partition);
            if (!ended && sink.requestedFromDownstream() > 0 && reading.next() < partition.records.size()) {
                sink.next(takeAll(partition, reading));
            }
        }
    }

    private List<TakenRoot> takeAll(Partition partition, SimulatedReading reading) {
        var all = new ArrayList<TakenRoot>();
        while (reading.next() < partition.records.size()) {
            int offset = reading.take();
            RootWork work = partition.records.get(offset);
            all.add(new TakenRoot(work.root(), work.version(), () -> done(partition, offset)));
        }
        return all;
    }

    private void done(Partition partition, int offset) {
        int prefix = reading(partition).done(offset);
        world.later(6, () -> commit(partition, prefix));
    }

    /** An older owner's commit may set it back. */
    private void commit(Partition partition, int prefix) {
        SimulatedReading reading = reading(partition);
        if (reading.commit(prefix)) {
            partition.committed = prefix;
            progress();
        }
    }

    private boolean isCommitted(Map<Partition, Integer> ends) {
        return ends.entrySet().stream().allMatch(end -> reading(end.getKey()).committed() >= end.getValue());
    }

    private void progress() {
        List.copyOf(settling).stream().filter(one -> isCommitted(one.ends())).forEach(one -> {
            settling.remove(one);
            one.sink().success();
        });
        marks.replaceAll((position, mark) ->
                mark.searches() > 0 && mark.searches() <= log.searched ? new Mark(0, log.ends()) : mark);
        List.copyOf(marks.keySet()).stream()
                .filter(position -> marks.get(position).searches() == 0
                        && isCommitted(marks.get(position).ends()))
                .forEach(position -> {
                    marks.remove(position);
                    stored = position.isAfter(stored) ? position : stored;
                    told.accept(position);
                });
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
            settling.add(new Settling(log.ends(), sink));
            progress();
        }));
    }

    @Override
    public void mark(Lsn position) {
        if (position.isAfter(marked)) {
            marked = position;
            marks.put(position, new Mark(log.searched < log.searches.size() ? log.searches.size() : 0, log.ends()));
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
            try {
                log.record(generation, position);
                world.later(3, answer::success);
            } catch (SyncException superseded) {
                answer.error(superseded);
            }
        }));
    }

    @Override
    public Mono<Void> keep() {
        return Mono.never();
    }

    @Override
    public Mono<Void> close() {
        return log.arrives(() -> {
                    log.partitions.forEach(
                            partition -> commit(partition, reading(partition).prefix()));
                    return true;
                })
                .then();
    }
}
