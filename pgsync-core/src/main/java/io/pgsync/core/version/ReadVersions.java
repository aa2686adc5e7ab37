package io.pgsync.core.version;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.TreeSet;
import java.util.function.LongFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Hands out the version of each read of the source, and knows which reads are not stored yet.
 *
 * <p>A version is {@code generation << 44 | sequence}. The sequence is taken when a read is submitted, after its fence, and never used
 * twice; so a greater version was read later and contains at least as much, and replays, retries and concurrent batches converge in any
 * order. One counter serves stream, backfill and repair alike. Thread-safe.
 */
public final class ReadVersions {
    /** Bits of a version that count the reads of one generation: 17 trillion reads, half a million generations. */
    public static final int SEQUENCE_BITS = 44;

    private final long generation;
    private final TreeSet<Long> open = new TreeSet<>();
    private final Deque<Barrier> barriers = new ArrayDeque<>();
    private long sequence;

    public ReadVersions(long generation) {
        if (generation < 1 || generation >= 1L << (63 - SEQUENCE_BITS)) {
            throw new IllegalArgumentException("Generation out of range: " + generation);
        }
        this.generation = generation;
    }

    private record Barrier(long upTo, MonoSink<Void> sink) {}

    /**
     * Runs a read and the write of what it found as one unit with a version of its own. The unit counts as open from its subscription
     * until it completes; one that fails or is cancelled stays open, because nobody knows what is still under way.
     */
    public <T> Flux<T> during(LongFunction<? extends Publisher<T>> readAndStore) {
        return Flux.defer(() -> {
            long read = begin();
            return Flux.from(readAndStore.apply(generation << SEQUENCE_BITS | read))
                    .doOnComplete(() -> end(read));
        });
    }

    /** Completes when every read that was begun before the subscription is stored. */
    public Mono<Void> settled() {
        return Mono.create(sink -> {
            synchronized (this) {
                if (!open.isEmpty()) {
                    var barrier = new Barrier(sequence, sink);
                    barriers.addLast(barrier);
                    sink.onDispose(() -> forget(barrier));
                    return;
                }
            }
            sink.success();
        });
    }

    private synchronized long begin() {
        open.add(++sequence);
        return sequence;
    }

    private void end(long read) {
        var reached = new ArrayDeque<MonoSink<Void>>();
        synchronized (this) {
            open.remove(read);
            long oldest = open.isEmpty() ? Long.MAX_VALUE : open.first();
            for (Iterator<Barrier> i = barriers.iterator(); i.hasNext(); ) {
                Barrier barrier = i.next();
                if (barrier.upTo() < oldest) {
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
