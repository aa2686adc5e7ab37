package io.pgsync.runtime.follow;

import io.pgsync.core.change.Lsn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * Lets callers wait until a position is stored. Stored positions are those of commits, and behind the last commit of an idle database none
 * follows; so if none comes soon, a marker of our own is committed behind the waiting positions, one for all that wait at a time.
 * Thread-safe.
 */
final class PositionWaits {
    private static final Logger log = LoggerFactory.getLogger(PositionWaits.class);

    /** On a busy database the next commit is here earlier, and costs nothing. */
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Mono<Lsn> marker;
    private final Scheduler timer;
    private final Queue<Waiter> waiters = new PriorityQueue<>();
    private Lsn stored = Lsn.ZERO;
    private Lsn marked = Lsn.ZERO;
    private boolean marking;
    private long round;

    /** {@code marker} commits something of no effect and gives a position within its transaction. */
    PositionWaits(Mono<Lsn> marker, Scheduler timer) {
        this.marker = marker;
        this.timer = timer;
    }

    /** {@code round}: how many markers had been asked for when it came. */
    private record Waiter(Lsn target, long round, MonoSink<Lsn> sink) implements Comparable<Waiter> {
        @Override
        public int compareTo(Waiter other) {
            return target.compareTo(other.target);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Objects.hash(System.identityHashCode(this));
        }
    }

    /** To be told of every position that is reached, in any order. */
    void stored(Lsn position) {
        List<Waiter> reached = new ArrayList<>();
        synchronized (this) {
            if (!position.isAfter(stored)) {
                return;
            }
            stored = position;
            for (Waiter first = waiters.peek();
                    first != null && !first.target().isAfter(stored);
                    first = waiters.peek()) {
                reached.add(waiters.remove());
            }
        }
        reached.forEach(waiter -> waiter.sink().success(position));
    }

    /** Completes with what is stored as soon as that is at or behind {@code target}; fails when the log has not got there. */
    Mono<Lsn> await(Lsn target) {
        return Mono.create(sink -> {
            Lsn now = enter(target, sink);
            if (target.isAfter(now)) {
                markIfNeeded();
            } else {
                sink.success(now);
            }
        });
    }

    private synchronized Lsn enter(Lsn target, MonoSink<Lsn> sink) {
        if (target.isAfter(stored)) {
            var waiter = new Waiter(target, round, sink);
            waiters.add(waiter);
            sink.onDispose(() -> leave(waiter));
        }
        return stored;
    }

    private synchronized void leave(Waiter waiter) {
        waiters.remove(waiter);
    }

    private void markIfNeeded() {
        synchronized (this) {
            if (marking || !isMarkerNeeded()) {
                return;
            }
            marking = true;
        }
        Mono.delay(PAUSE, timer)
                .filter(over -> begins())
                .flatMap(over -> marker)
                .subscribe(this::refuseWhatLiesAhead, this::failed, this::ended);
    }

    private synchronized boolean isMarkerNeeded() {
        return waiters.stream().anyMatch(waiter -> waiter.target().isAfter(marked));
    }

    /** Whether the marker is asked for after all; who waits by now lies before it. */
    private synchronized boolean begins() {
        round++;
        return isMarkerNeeded();
    }

    private void refuseWhatLiesAhead(Lsn marker) {
        List<Waiter> ahead;
        synchronized (this) {
            ahead = aheadOf(marker);
        }
        ahead.forEach(waiter -> waiter.sink()
                .error(new IllegalArgumentException(
                        waiter.target() + " lies ahead of the server's log, which ends at " + marker)));
    }

    /** With a marker, or without one when another commit did. */
    private void ended() {
        synchronized (this) {
            marking = false;
        }
        markIfNeeded();
    }

    /** Those that were here before the marker was asked for, and that it did not reach all the same. */
    private List<Waiter> aheadOf(Lsn position) {
        marked = position.isAfter(marked) ? position : marked;
        return taken(waiter -> waiter.round() < round && waiter.target().isAfter(marked));
    }

    private List<Waiter> taken(Predicate<Waiter> which) {
        List<Waiter> found = waiters.stream().filter(which).toList();
        waiters.removeAll(found);
        return found;
    }

    private void failed(Throwable failure) {
        List<Waiter> all;
        synchronized (this) {
            marking = false;
            all = taken(waiter -> true);
        }
        log.debug("No marker: {}", failure.getMessage());
        all.forEach(waiter -> waiter.sink().error(failure));
    }
}
