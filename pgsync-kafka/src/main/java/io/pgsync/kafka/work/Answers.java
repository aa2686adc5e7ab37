package io.pgsync.kafka.work;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/** What the brokers answer to records that were sent together: done when the last one is, failed with the first that does. Thread-safe. */
final class Answers {
    private final AtomicInteger open;
    private final MonoSink<Void> sink;

    /** Of {@code records}; done at once if there are none. */
    Answers(int records, MonoSink<Void> sink) {
        this.open = new AtomicInteger(records);
        this.sink = sink;
        if (records == 0) {
            sink.success();
        }
    }

    /** One record is there, or has failed. */
    void add(@Nullable Exception failure) {
        if (failure != null) {
            // Of several, the sink takes the first.
            sink.error(failure);
        } else if (open.decrementAndGet() == 0) {
            sink.success();
        }
    }
}
