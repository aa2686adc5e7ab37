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
 * Lets callers wait until a position is stored. Stored positions are ends of commits, so on an idle database a position
 * after the last commit would never be reached. If no commit follows soon, we therefore commit a marker of our own:
 * one for all callers that wait at that time. Thread-safe.
 */
final class PositionWaits {
    private static final Logger log = LoggerFactory.getLogger(PositionWaits.class);

    /** On a busy database the next commit arrives within this time, and no marker is needed. */
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Mono<Lsn> marker;
    private final Scheduler timer;
    private final Queue<Waiter> waiters = new PriorityQueue<>();
    private Lsn stored = Lsn.ZERO;
    private Lsn marked = Lsn.ZERO;
    private boolean marking;
    private long round;

    /** {@code marker} commits something without effect, and gives a position inside its transaction. */
    PositionWaits(Mono<Lsn> marker, Scheduler timer) {
        this.marker = marker;
        this.timer = timer;
    }

    /** {@code round}: the number of markers that had been requested when the waiter came. */
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

    /** Must be called with every position that is reached; the order does not matter. */
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

    /** Another log begins: nothing of it but what is before {@code position} is stored. */
    synchronized void beginAt(Lsn position) {
        stored = position;
        marked = Lsn.ZERO;
    }

    /**
     * Completes with the stored position once it is at or after {@code target}; fails if {@code target} lies ahead of
     * the log.
     */
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

    /**
     * Begins a round. True if a marker is still needed: it will lie after the target of every waiter that is here now,
     * unless that target lies ahead of the log.
     */
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

    /** After a marker, or after another commit that made it unnecessary. */
    private void ended() {
        synchronized (this) {
            marking = false;
        }
        markIfNeeded();
    }

    /** The waiters that came before the marker was requested, and whose target still lies ahead of it. */
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
