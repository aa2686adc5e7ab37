package io.pgsync.core.window;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.scheduler.Scheduler;

/**
 * Collects what arrives without a request, and gives all of it, up to a limit, to the next request: without delay when
 * idle, in large lists when busy. Each list needs one switch to the scheduler; meanwhile the rest of a burst arrives
 * and joins the list.
 *
 * <p>Reactor's {@code bufferTimeout} with fair backpressure does nearly this, but in 3.8 it can lose its timer between
 * two requests, and then it keeps its elements for ever.
 */
public final class Arrivals<T> extends BaseSubscriber<T> {
    private final FluxSink<List<T>> out;
    private final int limit;
    private final Scheduler.Worker worker;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Queue<T> waiting = new ArrayDeque<>();
    private volatile boolean ended;
    private volatile boolean stopped;
    private volatile @Nullable Throwable failure;

    private Arrivals(FluxSink<List<T>> out, int limit, Scheduler.Worker worker) {
        this.out = out;
        this.limit = limit;
        this.worker = worker;
    }

    /**
     * Lists of one to {@code limit} elements, in order; requests twice that many in advance. A failure overtakes
     * waiting elements.
     */
    public static <T> Flux<List<T>> of(Flux<T> source, int limit, Scheduler scheduler) {
        return Flux.create(
                out -> {
                    var arrivals = new Arrivals<T>(out, limit, scheduler.createWorker());
                    out.onRequest(n -> arrivals.soon());
                    out.onDispose(arrivals::stop);
                    source.subscribe(arrivals);
                },
                FluxSink.OverflowStrategy.ERROR);
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        subscription.request(2L * limit);
    }

    @Override
    protected void hookOnNext(T element) {
        synchronized (waiting) {
            waiting.add(element);
        }
        soon();
    }

    @Override
    protected void hookOnComplete() {
        ended = true;
        soon();
    }

    @Override
    protected void hookOnError(Throwable problem) {
        failure = problem;
        soon();
    }

    private void stop() {
        stopped = true;
        cancel();
        worker.dispose();
    }

    // Only the worker emits, so lists are emitted one at a time and in order.
    private void soon() {
        if (scheduled.compareAndSet(false, true)) {
            try {
                worker.schedule(this::emitWhatIsAskedFor);
            } catch (RejectedExecutionException e) {
                // A subscriber requests one more after its last list; an exception thrown into that request would stop
                // it.
                if (!stopped) {
                    throw e;
                }
            }
        }
    }

    private void emitWhatIsAskedFor() {
        scheduled.set(false);
        while (out.requestedFromDownstream() > 0) {
            List<T> arrived = take();
            if (arrived.isEmpty()) {
                break;
            }
            out.next(arrived);
            request(arrived.size());
        }
        passOnTheEnd();
    }

    private List<T> take() {
        synchronized (waiting) {
            var taken = new ArrayList<T>(Math.min(limit, waiting.size()));
            while (taken.size() < limit && !waiting.isEmpty()) {
                taken.add(waiting.remove());
            }
            return taken;
        }
    }

    private void passOnTheEnd() {
        Throwable problem = failure;
        if (problem != null) {
            out.error(problem);
        } else if (ended && isEmpty()) {
            out.complete();
        }
    }

    private boolean isEmpty() {
        synchronized (waiting) {
            return waiting.isEmpty();
        }
    }
}
