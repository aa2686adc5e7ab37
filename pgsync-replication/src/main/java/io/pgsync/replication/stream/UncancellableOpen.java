package io.pgsync.replication.stream;

import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Runs the opening of a stream to its end even if it is cancelled, and then closes the unwanted stream. If the opening
 * were interrupted, the driver would leave a connection that holds the slot and that nobody closes.
 */
final class UncancellableOpen extends BaseSubscriber<ReplicationStream> {
    private final MonoSink<ReplicationStream> sink;
    private volatile boolean cancelled;

    private UncancellableOpen(MonoSink<ReplicationStream> sink) {
        this.sink = sink;
    }

    static Mono<ReplicationStream> of(Mono<ReplicationStream> opening) {
        return Mono.<ReplicationStream>create(sink -> {
                    var subscriber = new UncancellableOpen(sink);
                    sink.onCancel(() -> subscriber.cancelled = true);
                    opening.subscribe(subscriber);
                })
                .doOnDiscard(
                        ReplicationStream.class, unwanted -> unwanted.close().subscribe(new BaseSubscriber<>() {}));
    }

    @Override
    protected void hookOnNext(ReplicationStream stream) {
        // After a cancellation the sink discards it.
        sink.success(stream);
    }

    @Override
    protected void hookOnError(Throwable failure) {
        if (!cancelled) {
            sink.error(failure);
        }
    }
}
