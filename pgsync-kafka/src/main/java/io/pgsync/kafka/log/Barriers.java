package io.pgsync.kafka.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Those who wait until certain offsets are committed. Thread-safe. */
final class Barriers {
    private final List<Barrier> waiting = new ArrayList<>();

    private record Barrier(Map<TopicPartition, Long> ends, MonoSink<Void> sink) {}

    /** Completes when everything before {@code ends} is committed. */
    Mono<Void> wait(Map<TopicPartition, Long> ends, Predicate<Map<TopicPartition, Long>> isCommitted) {
        return Mono.create(sink -> {
            var barrier = new Barrier(ends, sink);
            synchronized (this) {
                waiting.add(barrier);
            }
            sink.onDispose(() -> forget(barrier));
            // Behind the addition, so that no commit comes between the two.
            reached(isCommitted);
        });
    }

    /** To be called after each commit. */
    void reached(Predicate<Map<TopicPartition, Long>> isCommitted) {
        List<Barrier> reached;
        synchronized (this) {
            reached = waiting.stream()
                    .filter(barrier -> isCommitted.test(barrier.ends()))
                    .toList();
            waiting.removeAll(reached);
        }
        reached.forEach(barrier -> barrier.sink().success());
    }

    private synchronized void forget(Barrier barrier) {
        waiting.remove(barrier);
    }
}
