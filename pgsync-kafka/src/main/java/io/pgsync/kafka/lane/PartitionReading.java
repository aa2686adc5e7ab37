package io.pgsync.kafka.lane;

import io.pgsync.kafka.continuity.Continuity;
import io.pgsync.kafka.control.Committed;
import io.pgsync.kafka.record.WorkRecord;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a lane, as far as it was taken, done and committed. Records are done in any order; what may be committed is the longest run of
 * done ones from the beginning, because a crash takes up there.
 *
 * <pre>{@code
 *  offset      17     18     19     20
 *  taken       done   done   open   done
 *                            └── 19 may be committed: it is the first that is given again
 * }</pre>
 *
 * <p>Thread-safe.
 */
final class PartitionReading {
    private final Deque<Entry> open = new ArrayDeque<>();
    /** What was seen up to the last record that was taken, and up to the last one that is done. */
    private final Continuity taken;

    private final Continuity done;
    private long next;
    private long prefix;
    private Committed committed;

    /** {@code committed}: from where on it is read. */
    PartitionReading(Committed committed, long since) {
        this.taken = Continuity.of(since, committed.seen());
        this.done = Continuity.of(since, committed.seen());
        this.next = committed.offset();
        this.prefix = committed.offset();
        this.committed = committed;
    }

    private static final class Entry {
        final long offset;
        final WorkRecord record;
        boolean isDone;

        Entry(long offset, WorkRecord record) {
            this.offset = offset;
            this.record = record;
        }
    }

    /** What must be run when the record is done. */
    synchronized Runnable take(long offset, WorkRecord record) {
        var entry = new Entry(offset, record);
        open.addLast(entry);
        next = offset + 1;
        return () -> done(entry);
    }

    /** What is missing before the record; empty if nothing is. */
    synchronized Optional<String> missingBefore(WorkRecord record) {
        return taken.accept(record);
    }

    private synchronized void done(Entry entry) {
        entry.isDone = true;
        for (Entry first = open.peekFirst(); first != null && first.isDone; first = open.peekFirst()) {
            open.removeFirst();
            done.accept(first.record);
            prefix = first.offset + 1;
        }
    }

    /** What may be committed now, if it is more than what is. */
    synchronized @Nullable OffsetAndMetadata toCommit() {
        return prefix > committed.offset() ? new OffsetAndMetadata(prefix, done.text()) : null;
    }

    synchronized void committed(OffsetAndMetadata now) {
        if (now.offset() > committed.offset()) {
            committed = new Committed(now.offset(), now.metadata());
        }
    }

    /** Up to where everything is stored, for everybody to see. */
    synchronized Committed committed() {
        return committed;
    }

    /** The offset of the next record to be taken. */
    synchronized long next() {
        return next;
    }

    /** How many records are taken and not done. */
    synchronized int open() {
        return open.size();
    }
}
