package io.pgsync.replication.stream;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitFailureHandler;
import reactor.core.publisher.Sinks.EmitResult;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;

/**
 * A buffer between the driver and the subscriber, bounded in bytes: those of a message count from its arrival until
 * they are released, which is long after the subscriber took it. While less than the budget is in use, it always
 * requests a few more messages. So the driver's own queues stay empty, and a lost connection is noticed at once, not
 * when a stalled subscriber continues.
 *
 * <p>The driver's stream must not be cancelled (it would leak its buffers, and its close would never complete): this
 * subscriber stays until the end, whatever its own subscriber does.
 */
final class WalBuffer extends BaseSubscriber<WalMessage> {
    /** Messages requested in advance; by so many the budget may be exceeded. */
    private static final int DEMAND = 16;

    private static final Duration LAST_WORD = Duration.ofSeconds(1);

    private final int budget;
    private final Executor driverThread;
    private final AtomicBoolean asking = new AtomicBoolean();
    private final AtomicLong heldBytes = new AtomicLong();
    private final AtomicInteger outstanding = new AtomicInteger();
    private final Sinks.Empty<Void> ended = Sinks.empty();
    private final Sinks.Many<WalMessage> messages = Sinks.many()
            .unicast()
            .onBackpressureBuffer(Queues.<WalMessage>unbounded().get()); // bounded by what is asked for
    private volatile boolean discarding;

    /**
     * All demand is signalled on {@code driverThread}, the thread on which the driver delivers. If another thread
     * requested, the driver might deliver from both at the same time (r2dbc-postgresql up to 1.1.1).
     */
    WalBuffer(int budget, Executor driverThread) {
        this.budget = budget;
        this.driverThread = driverThread;
    }

    /**
     * For one subscriber; the switch to {@code scheduler} happens once for a series of available messages, not for each
     * message.
     */
    Flux<WalMessage> messages(Scheduler scheduler) {
        return messages.asFlux().publishOn(scheduler);
    }

    /** Frees {@code bytes} of messages that were taken and are no longer needed. Safe from any thread. */
    void release(long bytes) {
        heldBytes.addAndGet(-bytes);
        if (!discarding && outstanding.get() <= DEMAND / 2 && asking.compareAndSet(false, true)) {
            driverThread.execute(() -> {
                asking.set(false);
                askForMore();
            });
        }
    }

    /** From now on drops incoming messages, so that the driver's stream can run to its end. */
    void discard() {
        discarding = true;
        driverThread.execute(this::requestUnbounded);
    }

    /** Completes when the driver's stream has ended, with or without an error. */
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
        EmitResult emitted = messages.tryEmitNext(message);
        if (emitted.isFailure() && emitted != EmitResult.FAIL_CANCELLED && emitted != EmitResult.FAIL_TERMINATED) {
            // To continue would lose the message.
            discarding = true;
            messages.emitError(
                    new SyncException(Remedy.RETRY, "A message of the replication stream was not taken: " + emitted),
                    EmitFailureHandler.busyLooping(LAST_WORD));
        }
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
