package io.pgsync.replication;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;

/**
 * Stands between the driver and the subscriber, bounded in bytes. It always asks for a little more while it holds less than its budget,
 * so that the driver's own queues stay empty and a lost connection is noticed at once, not when a stalled subscriber comes back.
 *
 * <p>The driver's stream must not be cancelled (it would leak its buffers, and its close would never complete): this subscriber stays
 * until the end, whatever the one behind it does.
 */
final class WalBuffer extends BaseSubscriber<WalMessage> {
    /** Messages asked for ahead; by how many the budget may be exceeded. */
    private static final int DEMAND = 16;

    private final int budget;
    private final AtomicLong heldBytes = new AtomicLong();
    private final AtomicInteger outstanding = new AtomicInteger();
    private final Sinks.Empty<Void> ended = Sinks.empty();
    private final Sinks.Many<WalMessage> messages = Sinks.many()
            .unicast()
            .onBackpressureBuffer(Queues.<WalMessage>unbounded().get()); // bounded by what is asked for
    private volatile boolean discarding;

    WalBuffer(int budget) {
        this.budget = budget;
    }

    /** For one subscriber; {@code scheduler} is crossed once per run of available messages, not once per message. */
    Flux<WalMessage> messages(Scheduler scheduler) {
        return messages.asFlux().publishOn(scheduler).doOnNext(this::taken);
    }

    /** From now on drops what comes, so that the driver's stream can run to its end. */
    void discard() {
        discarding = true;
        requestUnbounded();
    }

    /** Completes when the driver's stream has ended, however it did. */
    Mono<Void> ended() {
        return ended.asMono();
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        askForMore();
    }

    @Override
    protected void hookOnNext(WalMessage message) {
        if (discarding) {
            return;
        }
        heldBytes.addAndGet(message.footprint());
        outstanding.decrementAndGet();
        messages.tryEmitNext(message); // refused only after the subscriber cancelled
        askForMore();
    }

    @Override
    protected void hookOnComplete() {
        messages.tryEmitComplete();
        ended.tryEmitEmpty();
    }

    @Override
    protected void hookOnError(Throwable failure) {
        messages.tryEmitError(failure);
        ended.tryEmitEmpty();
    }

    private void taken(WalMessage message) {
        heldBytes.addAndGet(-message.footprint());
        askForMore();
    }

    private void askForMore() {
        while (heldBytes.get() < budget) {
            int asked = outstanding.get();
            if (asked > DEMAND / 2) {
                return;
            }
            if (outstanding.compareAndSet(asked, DEMAND)) {
                request(DEMAND - asked);
                return;
            }
        }
    }
}
