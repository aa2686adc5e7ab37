package io.pgsync.kafka.log;

import io.pgsync.core.affected.IndexSearch;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.handover.Backlog;
import io.pgsync.core.handover.LogPosition;
import io.pgsync.core.handover.OwnedWorkLog;
import io.pgsync.core.handover.RootWork;
import io.pgsync.core.handover.TakenRoot;
import io.pgsync.core.handover.TakenSearches;
import io.pgsync.core.version.ReadVersions;
import io.pgsync.kafka.control.Committed;
import io.pgsync.kafka.control.OwnerRecord;
import io.pgsync.kafka.lane.LaneReader;
import io.pgsync.kafka.record.RecordKey;
import io.pgsync.kafka.record.WorkRecord.Item;
import io.pgsync.kafka.record.WorkRecord.Lookup;
import io.pgsync.kafka.work.WorkProducer;
import io.pgsync.kafka.work.WorkProducer.Lane;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The topics of one slot in the hands of one process, which writes to them and takes from them. Safe from any thread. */
final class OwnedKafkaLog implements OwnedWorkLog {
    private static final int MOST_KEYS = 1_000;

    private final Cluster cluster;
    private final OwnerRecord before;
    private final TopicState topics;
    private final Consumer<Lsn> told;
    private final InstantSource clock;
    private final StoredMarks marks = new StoredMarks();
    private final Barriers barriers = new Barriers();
    /** Behind the last search of this owner. */
    private final AtomicLong searchesEnd = new AtomicLong();

    private volatile OwnerRecord recorded;
    private volatile @Nullable Open open;

    OwnedKafkaLog(Cluster cluster, OwnerRecord before, TopicState topics, Consumer<Lsn> told, InstantSource clock) {
        this.cluster = cluster;
        this.before = before;
        this.topics = topics;
        this.told = told;
        this.clock = clock;
        this.recorded = before;
    }

    /** What works after {@link #begin}. */
    private record Open(WorkProducer producer, LaneReader reader, Upkeep upkeep) {}

    @Override
    public long generation() {
        return before.generation();
    }

    @Override
    public LogPosition position() {
        return new LogPosition(before.confirmed(), before.stored());
    }

    @Override
    public Optional<String> loss() {
        return topics.loss();
    }

    @Override
    public Mono<Void> begin(boolean anew) {
        return Mono.defer(() -> {
            OwnerRecord owner = (anew ? before.anew() : before).over(topics.identifiers(), topics.partitions());
            return cluster.control()
                    .record(owner)
                    .then(cluster.blocking(() -> opened(owner, anew)))
                    .doOnNext(begun -> recorded = owner)
                    .flatMap(begun -> begun.producer()
                            .begin(ReadVersions.beginOf(owner.generation()), 0)
                            .then(Mono.fromRunnable(begun.reader()::start)));
        });
    }

    private Open opened(OwnerRecord owner, boolean anew) {
        var beginning = new LaneReader.Beginning(owner.partitions(), owner.done(), owner.since(), anew);
        LaneReader reader = LaneReader.open(cluster.settings(), cluster.names(), beginning, this::progressed);
        WorkProducer producer = WorkProducer.open(cluster.settings(), cluster.names(), owner);
        var made = new Open(producer, reader, new Upkeep(cluster, owner, producer, () -> recorded, clock));
        open = made;
        return made;
    }

    private Open open() {
        Open now = open;
        if (now == null) {
            throw new IllegalStateException("The log has not begun");
        }
        return now;
    }

    /** After a commit, on the reader's thread. */
    private void progressed() {
        barriers.reached(open().reader()::isCommitted);
        tellStored();
    }

    private void tellStored() {
        Open now = open();
        marks.reached(now.reader(), now.producer()::ends).ifPresent(told);
    }

    @Override
    public Mono<Void> append(List<RootWork> works) {
        return Mono.defer(
                () -> open().producer().items(works.stream().map(this::item).toList()));
    }

    private WorkProducer.Item item(RootWork work) {
        return new WorkProducer.Item(
                work.many() ? Lane.BULK : Lane.FRESH,
                new RecordKey(work.root().index(), work.id()),
                number -> new Item(
                        work.version(),
                        number,
                        work.change(),
                        clock.instant(),
                        work.root().key()));
    }

    /** In records of at most so many rows, which every broker takes. */
    @Override
    public Mono<Void> append(IndexSearch search) {
        return Flux.fromIterable(divided(search))
                .concatMap(part -> open().producer()
                        .lookup(number -> new Lookup(ReadVersions.beginOf(before.generation()), number, List.of(part))))
                .then(Mono.fromRunnable(
                        () -> searchesEnd.accumulateAndGet(open().producer().searchesEnd(), Math::max)));
    }

    private static List<IndexSearch> divided(IndexSearch search) {
        List<List<String>> keys = search.keys().orElse(List.of());
        if (keys.size() <= MOST_KEYS) {
            return List.of(search);
        }
        var parts = new ArrayList<IndexSearch>();
        for (int from = 0; from < keys.size(); from += MOST_KEYS) {
            List<List<String>> some = keys.subList(from, Math.min(keys.size(), from + MOST_KEYS));
            parts.add(new IndexSearch(search.index(), search.table(), search.columns(), Optional.of(some)));
        }
        return parts;
    }

    @Override
    public Flux<TakenSearches> searches() {
        return Flux.defer(() -> open().reader().searches());
    }

    @Override
    public Flux<List<TakenRoot>> taken(boolean many) {
        return Flux.defer(() -> open().reader().taken(many));
    }

    @Override
    public void endTaking() {
        open().reader().endTaking();
    }

    /**
     * What is acknowledged or taken. A record that is neither will be taken later than now, so its read shows what is committed in the source by
     * now.
     */
    @Override
    public Mono<Void> settled() {
        return Mono.defer(() -> {
            Open now = open();
            Map<TopicPartition, Long> ends = new HashMap<>(now.producer().ends());
            now.reader().next().forEach((partition, next) -> ends.merge(partition, next, Math::max));
            return barriers.wait(ends, now.reader()::isCommitted);
        });
    }

    @Override
    public void mark(Lsn position) {
        Open now = open();
        long searches = Math.max(searchesEnd.get(), now.reader().searchesBefore());
        marks.add(
                position,
                searches > now.reader().searched() ? searches : 0,
                now.producer().ends());
        tellStored();
    }

    @Override
    public Lsn stored() {
        return marks.stored();
    }

    @Override
    public Backlog backlog() {
        Open now = open();
        Map<TopicPartition, Committed> committed = now.reader().committed();
        var waiting = new HashMap<String, Long>();
        now.producer()
                .ends()
                .forEach((partition, end) -> waiting.merge(
                        partition.topic(),
                        Math.max(
                                0,
                                end
                                        - Objects.requireNonNull(committed.get(partition))
                                                .offset()),
                        Long::sum));
        long searches = Math.max(searchesEnd.get(), now.reader().searchesBefore());
        return new Backlog(
                waiting.getOrDefault(cluster.names().fresh(), 0L),
                waiting.getOrDefault(cluster.names().bulk(), 0L),
                Math.max(0, searches - now.reader().searched()),
                Optional.empty());
    }

    @Override
    public Mono<Void> record(LogPosition position) {
        return Mono.defer(() -> {
            OwnerRecord last = recorded;
            OwnerRecord next = last.at(
                    position.handed(), position.stored(), open().producer().acknowledged(), done(open().reader()));
            boolean moved =
                    !last.confirmed().equals(next.confirmed()) || !last.stored().equals(next.stored());
            return moved
                    ? cluster.control().record(next).then(Mono.fromRunnable(() -> recorded = next))
                    : Mono.<Void>empty();
        });
    }

    private static Map<String, Committed> done(LaneReader reader) {
        return reader.committed().entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().toString(), Map.Entry::getValue));
    }

    @Override
    public Mono<Void> keep() {
        return Mono.defer(() -> open().upkeep().run());
    }

    @Override
    public Mono<Void> close() {
        return cluster.blocking(() -> {
                    Open now = open;
                    if (now != null) {
                        now.reader().close();
                        now.producer().close();
                    }
                    return true;
                })
                .then(cluster.close());
    }
}
