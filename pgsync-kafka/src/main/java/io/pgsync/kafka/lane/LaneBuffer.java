package io.pgsync.kafka.lane;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * What was taken of one lane, between the thread that polls and those who take it. Bounded by its filler: while it {@link #isFull}, the lane's partitions
 * are paused. Filled by one thread; for one subscriber.
 */
final class LaneBuffer<T> {
    private static final int CAPACITY = 4_000;

    private final AtomicInteger waiting = new AtomicInteger();
    private final Sinks.Many<List<T>> sink = Sinks.many().unicast().onBackpressureBuffer(new ConcurrentLinkedQueue<>());

    /** As they were added: what one poll has found stays together. */
    Flux<List<T>> taken() {
        return sink.asFlux().doOnNext(taken -> waiting.addAndGet(-taken.size()));
    }

    void add(List<T> found) {
        if (!found.isEmpty()) {
            waiting.addAndGet(found.size());
            sink.tryEmitNext(found);
        }
    }

    boolean isFull() {
        return waiting.get() >= CAPACITY;
    }

    /** So few wait that more should come. */
    boolean hasRoom() {
        return waiting.get() < CAPACITY / 2;
    }

    void end() {
        sink.tryEmitComplete();
    }

    void fail(Throwable failure) {
        sink.tryEmitError(failure);
    }
}
