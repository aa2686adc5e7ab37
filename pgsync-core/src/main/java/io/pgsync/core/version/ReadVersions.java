package io.pgsync.core.version;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Hands out the version of each read of the source, and knows which reads are not stored yet.
 *
 * <p>A version is {@code 2^62 + (generation << 36) + (sequence << 4)}:
 *
 * <pre>{@code
 *  bit 62   61                  36  35                       4  3        0
 *      1    generation: 26 bits     sequence: 32 bits           room for writes of others
 * }</pre>
 *
 * The sequence is taken when a read is submitted, after its fence, and is never used twice. So a greater version was read later and contains
 * at least as much, and the engine keeps the greater one: replays, retries and concurrent batches converge in any order.
 *
 * <pre>{@code
 *  read 5 of book 7:  submitted ───────────── title "A" ───────────────────────────► arrives last, is refused: 5 < 6
 *  a commit sets the title to "B"    ●
 *  read 6 of book 7:                   submitted ── title "B" ──► is stored
 * }</pre>
 *
 * One counter serves stream, backfill and repair alike. 2^62 is above what earlier releases wrote ({@code generation << 44 | sequence}), and
 * above what others count in (milliseconds, nanoseconds). Thread-safe.
 */
public final class ReadVersions {
    /** The last possible generation: 67 million runs, more than five years even if a run fails every two seconds. */
    public static final long LAST_GENERATION = (1L << 26) - 1;

    private static final long BASE = 1L << 62;
    /**
     * A write of somebody else adds one to a document's version; up to 15 of them stay below the version of our next
     * read.
     */
    private static final int ROOM_BITS = 4;
    /** Four billion reads per generation. */
    private static final int SEQUENCE_BITS = 32;

    private final long generation;
    private final NavigableMap<Long, Reach> open = new TreeMap<>();
    private final Deque<Barrier> barriers = new ArrayDeque<>();
    private long sequence;

    /**
     * {@code generation}: from 1 to {@link #LAST_GENERATION}, and greater than that of every earlier writer of the
     * index.
     */
    public ReadVersions(long generation) {
        if (generation < 1 || generation > LAST_GENERATION) {
            throw new IllegalArgumentException("Generation out of range: " + generation);
        }
        this.generation = generation;
    }

    /** Less than every version of the generation, and greater than every one of those before. */
    public static long beginOf(long generation) {
        return BASE + (generation << (SEQUENCE_BITS + ROOM_BITS));
    }

    /** The generation that wrote {@code version}; 0 if the version is less than those of all generations. */
    public static long generationOf(long version) {
        return Math.max(0, version - BASE) >> (SEQUENCE_BITS + ROOM_BITS);
    }

    /**
     * The greatest version that writes of others can give a document of {@code version} before it reaches that of our next
     * read. A version that no read has, and so no room above it, stays.
     */
    public static long withRoom(long version) {
        long room = (1L << ROOM_BITS) - 1;
        return version > BASE && (version & room) == 0 ? version | room : version;
    }

    private record Barrier(Set<Long> reads, MonoSink<Void> sink) {}

    /**
     * Runs a read and the write of its result as one unit with a new version. The unit is open from its subscription
     * until it completes. A unit that fails or is cancelled stays open, because nobody knows what is still under way.
     *
     * @param reach the documents that the read may find
     */
    public <T> Flux<T> during(Reach reach, LongFunction<? extends Publisher<T>> readAndStore) {
        return Flux.defer(() -> {
            long version = begin(reach);
            return Flux.from(readAndStore.apply(version)).doOnComplete(() -> end(version));
        });
    }

    /** Completes when every read that began before the subscription is stored. */
    public Mono<Void> settled() {
        return Mono.create(sink -> {
            synchronized (this) {
                if (waitsFor(new HashSet<>(open.keySet()), sink)) {
                    return;
                }
            }
            sink.success();
        });
    }

    /**
     * Completes when nothing older than {@code version} is under way for any document of {@code reach}: every older read that may have
     * found one of them is stored.
     */
    public Mono<Void> settledBefore(long version, Reach reach) {
        return Mono.create(sink -> {
            synchronized (this) {
                Set<Long> older = new HashSet<>();
                open.headMap(version).forEach((read, other) -> {
                    if (other.meets(reach)) {
                        older.add(read);
                    }
                });
                if (waitsFor(older, sink)) {
                    return;
                }
            }
            sink.success();
        });
    }

    /** Whether there is something to wait for. */
    private boolean waitsFor(Set<Long> reads, MonoSink<Void> sink) {
        if (reads.isEmpty()) {
            return false;
        }
        var barrier = new Barrier(reads, sink);
        barriers.addLast(barrier);
        sink.onDispose(() -> forget(barrier));
        return true;
    }

    /**
     * A version for a read that is to begin later, of a root that waits in a log: it is greater than all that were handed out before. To be taken
     * after the fence of the change.
     */
    public synchronized long next() {
        if (++sequence >> SEQUENCE_BITS != 0) {
            throw new SyncException(
                    Remedy.RETRY, "Generation " + generation + " has used up its versions; the next one goes on.");
        }
        return beginOf(generation) + (sequence << ROOM_BITS);
    }

    private synchronized long begin(Reach reach) {
        long version = next();
        open.put(version, reach);
        return version;
    }

    private void end(long version) {
        List<MonoSink<Void>> reached = new ArrayList<>();
        synchronized (this) {
            open.remove(version);
            for (Iterator<Barrier> i = barriers.iterator(); i.hasNext(); ) {
                Barrier barrier = i.next();
                if (barrier.reads().remove(version) && barrier.reads().isEmpty()) {
                    i.remove();
                    reached.add(barrier.sink());
                }
            }
        }
        reached.forEach(MonoSink::success);
    }

    private synchronized void forget(Barrier barrier) {
        barriers.remove(barrier);
    }
}
