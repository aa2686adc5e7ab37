package io.pgsync.core.checkpoint;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.handover.Waiting;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Knows up to which position everything is stored, although parts of the stream finish in any order.
 *
 * <p>The parts form a list in stream order. {@link #stored()} is the end of the last part of the finished run at its head; that run is
 * then removed. A finished part behind an unfinished one is merged with its finished neighbour, so the list grows with the unfinished parts
 * only.
 *
 * <pre>{@code
 *                      A to 10      B to 20      C to 30      D to 40      stored
 * all begun            open         open         open         open         0
 * C is done            open         open         finished     open         0
 * B is done            open         finished, to 30 (B and C) open         0
 * A is done            (removed)                              open         30
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class InOrderAcknowledger {
    private final Part head = new Part(Optional.empty(), Optional.empty());
    private Part tail = head;
    private final Consumer<Lsn> advanced;
    private Lsn stored = Lsn.ZERO;

    /** Without a listener; {@link #stored()} has the position. */
    public InOrderAcknowledger() {
        this(position -> {});
    }

    /**
     * {@code advanced} is told the positions up to which every commit is finished: a new {@link #stored()}, and the commit of the oldest
     * open part. Example: transactions that commit at 10 and 20 are open. When the first is finished, 20 is told, because every commit before
     * 20 is finished; when the second is, its end is told.
     *
     * @param advanced called without a lock, by the thread that finished the part; calls overlap, and may come out of order
     */
    public InOrderAcknowledger(Consumer<Lsn> advanced) {
        this.advanced = advanced;
    }

    /**
     * Begins the next part. Must be called in the order of the stream.
     *
     * @param commit the commit position of the first transaction in the part; all earlier commits are in earlier parts,
     *     because transactions come in the order of their commits
     * @param end the position that may be acknowledged with the part, if there is one
     */
    public Part begin(Optional<Lsn> commit, Optional<Lsn> end) {
        var part = new Part(commit, end);
        if (append(part)) {
            commit.ifPresent(advanced);
        }
        return part;
    }

    /** Appends the part; true if it is the oldest open one. */
    private synchronized boolean append(Part part) {
        part.previous = tail;
        tail.next = part;
        tail = part;
        return head.next == part;
    }

    /** Everything up to here is finished; zero before the first part is finished. */
    public synchronized Lsn stored() {
        return stored;
    }

    /** How many parts are kept; for tests and gauges. */
    public synchronized int kept() {
        int parts = 0;
        for (Part part = head.next; part != null; part = part.next) {
            parts++;
        }
        return parts;
    }

    /** The position to tell after this part was finished, if one moved. */
    private synchronized Optional<Lsn> finished(Part part) {
        Lsn earlier = stored;
        part.finished = true;
        Part before = part.previous;
        if (before != null && before.finished) {
            unlink(before);
        }
        if (part.next != null && part.next.finished) {
            unlink(part);
        }
        Part first = head.next;
        acknowledgeFinishedRun();
        if (head.next != null && head.next != first && head.next.commit.isPresent()) {
            return head.next.commit;
        }
        return stored.isAfter(earlier) ? Optional.of(stored) : Optional.empty();
    }

    private void acknowledgeFinishedRun() {
        for (Part part = head.next; part != null && part.finished; part = head.next) {
            stored = part.end.orElse(stored);
            part.end = Optional.empty();
            unlink(part);
        }
    }

    /** Removes a finished part before another finished one, unless only the first has an end. */
    private void unlink(Part part) {
        Part next = part.next;
        Part before = part.previous;
        if (before == null) {
            return;
        }
        before.next = next;
        if (next == null) {
            tail = before;
        } else {
            next.previous = before;
            next.end = next.end.isPresent() ? next.end : part.end;
        }
        part.previous = null;
    }

    /**
     * One part of the stream. It is finished when everything that was expected of it is done, including its own
     * beginning.
     */
    public final class Part implements Waiting {
        private final AtomicInteger open = new AtomicInteger(1);
        private final Optional<Lsn> commit;
        private Optional<Lsn> end;
        private boolean finished;
        private @Nullable Part previous;
        private @Nullable Part next;

        private Part(Optional<Lsn> commit, Optional<Lsn> end) {
            this.commit = commit;
            this.end = end;
        }

        /** Expects one more thing before the part is finished. Must not be called after the last {@link #done()}. */
        @Override
        public void expect() {
            open.incrementAndGet();
        }

        /** One expected thing is done; the first is that of {@link #begin}. */
        @Override
        public void done() {
            if (open.decrementAndGet() == 0) {
                finished(this).ifPresent(advanced);
            }
        }
    }
}
