package io.pgsync.core.handover;

import io.pgsync.core.affected.AffectedRoots;
import io.pgsync.core.affected.RootKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The roots that wait to be read. A root that many changes affect waits once, with the parts of the stream that wait for it. A free reader
 * takes at once what is there: an idle system answers a single change without delay, a busy one reads in large batches.
 *
 * <p>Each index has two lanes, both bounded. The roots of a change that affects many of them wait in the slow lane, where fresh changes
 * overtake them. Every fourth batch comes from there, so that neither lane starves; indexes take turns within a lane.
 *
 * <pre>{@code
 *  book 7 (part 1)  ──►  fast  books    7: parts 1, 3    9: part 3  ──►  batch 1, 2, 3   ──►  a reader, when it asks
 *  books 7, 9 (part 3)         authors  (empty)
 *  publisher 2: 80,000 books (part 2)
 *                   ──►  slow  books    1, 2, 3 ... : part 2        ──►  batch 4         ──►  a reader, when it asks
 *                        full: the stream waits with what is left
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class PendingRoots {
    private static final int SLOW_TURN = 4;

    private final int capacity;
    private final int batchSize;
    private final Map<String, Lane> fast = new LinkedHashMap<>();
    private final Map<String, Lane> slow = new LinkedHashMap<>();
    private final AtomicInteger drains = new AtomicInteger();
    private @Nullable FluxSink<RootBatch> out;
    private boolean closed;
    private int turn;

    /**
     * For roots of these indexes.
     *
     * @param capacity how many may wait in each lane of an index before those who offer more must wait
     * @param batchSize the most roots of a batch
     */
    public PendingRoots(Collection<String> indexes, int capacity, int batchSize) {
        this.capacity = capacity;
        this.batchSize = batchSize;
        indexes.forEach(index -> {
            fast.put(index, new Lane());
            slow.put(index, new Lane());
        });
    }

    private record Offer(Consumer<Lane> admission, MonoSink<Void> admitted) {}

    private static final class Lane {
        final LinkedHashMap<RootKey, List<Waiting>> roots = new LinkedHashMap<>();
        final Deque<Offer> offers = new ArrayDeque<>();

        /** Counted instead of roots, because a root that changes without end would collect them without bound. */
        int waiting;
    }

    /** Adds roots that {@code waiting} waits for; completes when there was room for them. */
    public Mono<Void> add(Waiting waiting, AffectedRoots affected) {
        return Mono.defer(() -> {
            affected.roots().forEach(root -> waiting.expect());
            return offer(
                    affected.index(),
                    affected.many(),
                    lane -> affected.roots().forEach(root -> admit(lane, root, waiting)));
        });
    }

    /** Adds roots of a log in the same way; all of an index are there before the first of them is taken. */
    public Mono<Void> add(List<TakenRoot> taken, boolean many) {
        Map<String, List<TakenRoot>> byIndex =
                taken.stream().collect(Collectors.groupingBy(one -> one.root().index()));
        return Flux.fromIterable(byIndex.entrySet())
                .concatMap(
                        entry -> offer(
                                entry.getKey(),
                                many,
                                lane -> entry.getValue().forEach(one -> admit(lane, one.root(), one))),
                        1)
                .then();
    }

    private Mono<Void> offer(String index, boolean many, Consumer<Lane> admission) {
        return Mono.create(sink -> {
            synchronized (this) {
                Lane lane = Objects.requireNonNull((many ? slow : fast).get(index));
                lane.offers.add(new Offer(admission, sink));
            }
            drain();
        });
    }

    /** The number of roots that wait now. */
    public synchronized int waiting() {
        return Stream.concat(fast.values().stream(), slow.values().stream())
                .mapToInt(lane -> lane.roots.size())
                .sum();
    }

    /** Nothing will be added from now on; {@link #batches()} ends when all waiting roots are taken. */
    public void close() {
        synchronized (this) {
            closed = true;
        }
        drain();
    }

    /**
     * As many batches as are requested, each with all waiting roots of its index, up to the limit. For one subscriber.
     */
    public Flux<RootBatch> batches() {
        return Flux.create(
                sink -> {
                    synchronized (this) {
                        out = sink;
                    }
                    sink.onRequest(n -> drain());
                },
                FluxSink.OverflowStrategy.ERROR);
    }

    /** Emits in a loop that only one thread runs; other threads make it run once more. */
    private void drain() {
        if (drains.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            emitWhatIsAskedFor();
            seen = drains.addAndGet(-seen);
        } while (seen != 0);
    }

    private void emitWhatIsAskedFor() {
        FluxSink<RootBatch> sink;
        synchronized (this) {
            sink = out;
        }
        admit();
        while (sink != null && sink.requestedFromDownstream() > 0) {
            RootBatch batch = next();
            if (batch == null) {
                break;
            }
            sink.next(batch);
            admit();
        }
        if (sink != null && isFinished()) {
            sink.complete();
        }
    }

    private synchronized boolean isFinished() {
        return closed && isEmpty(fast) && isEmpty(slow);
    }

    private static boolean isEmpty(Map<String, Lane> lanes) {
        return lanes.values().stream().allMatch(lane -> lane.roots.isEmpty() && lane.offers.isEmpty());
    }

    private void admit() {
        var admitted = new ArrayList<MonoSink<Void>>();
        synchronized (this) {
            fast.values().forEach(lane -> admit(lane, admitted));
            slow.values().forEach(lane -> admit(lane, admitted));
        }
        admitted.forEach(MonoSink::success);
    }

    private void admit(Lane lane, List<MonoSink<Void>> admitted) {
        while (!lane.offers.isEmpty() && lane.waiting < capacity) {
            Offer offer = lane.offers.remove();
            offer.admission().accept(lane);
            admitted.add(offer.admitted());
        }
    }

    private static void admit(Lane lane, RootKey root, Waiting one) {
        List<Waiting> all = lane.roots.computeIfAbsent(root, r -> new ArrayList<>(1));
        boolean again = !all.isEmpty() && all.get(all.size() - 1) == one;
        if (again) {
            one.done();
        } else {
            all.add(one);
            lane.waiting++;
        }
    }

    private synchronized @Nullable RootBatch next() {
        boolean slowFirst = ++turn % SLOW_TURN == 0;
        RootBatch first = take(slowFirst ? slow : fast);
        return first != null ? first : take(slowFirst ? fast : slow);
    }

    private @Nullable RootBatch take(Map<String, Lane> lanes) {
        for (var entry : lanes.entrySet()) {
            Lane lane = entry.getValue();
            if (!lane.roots.isEmpty()) {
                // Moved to the end, so that indexes take turns.
                lanes.remove(entry.getKey());
                lanes.put(entry.getKey(), lane);
                return new RootBatch(entry.getKey(), takeFrom(lane));
            }
        }
        return null;
    }

    private Map<RootKey, List<Waiting>> takeFrom(Lane lane) {
        var taken = new LinkedHashMap<RootKey, List<Waiting>>();
        for (var i = lane.roots.entrySet().iterator(); i.hasNext() && taken.size() < batchSize; ) {
            var root = i.next();
            taken.put(root.getKey(), root.getValue());
            lane.waiting -= root.getValue().size();
            i.remove();
        }
        return taken;
    }
}
