package io.pgsync.kafka.log;

import io.pgsync.core.change.Lsn;
import io.pgsync.kafka.lane.LaneReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/**
 * Positions of the source and what must be committed before everything up to them is stored: first the searches, because they append more roots;
 * then the roots. Bounded: of very many that wait, every second one is forgotten, and only the steps in which a position is told grow.
 *
 * <pre>{@code
 *  position 100:  3 searches are not done, roots up to (12, 7)
 *     the searches are done; they have appended roots up to (14, 9)
 *  position 100:                           roots up to (14, 9)
 *     the roots are stored: everything up to 100 is
 * }</pre>
 *
 * <p>Thread-safe.
 */
final class StoredMarks {
    private static final int MOST = 1_000;

    private final List<Mark> waiting = new ArrayList<>();
    private Lsn marked = Lsn.ZERO;
    private Lsn stored = Lsn.ZERO;

    private record Mark(Lsn position, long searches, Map<TopicPartition, Long> ends) {
        /** With what the searches have appended, if they are done by now. */
        Mark after(long searched, Supplier<Map<TopicPartition, Long>> ends) {
            return searches > 0 && searches <= searched ? new Mark(position, 0, ends.get()) : this;
        }

        boolean isReached(LaneReader reader) {
            return searches == 0 && reader.isCommitted(ends);
        }
    }

    /**
     * {@code searches} and {@code ends}: read after everything up to {@code position} was acknowledged.
     *
     * @param searches the offset behind the last search, 0 if none waits
     */
    synchronized void add(Lsn position, long searches, Map<TopicPartition, Long> ends) {
        if (!position.isAfter(marked)) {
            return;
        }
        marked = position;
        waiting.add(new Mark(position, searches, ends));
        if (waiting.size() > MOST) {
            thinOut();
        }
    }

    /** The last one stays, or the end would never be told. */
    private void thinOut() {
        boolean drop = true;
        Iterator<Mark> each = waiting.subList(0, waiting.size() - 1).iterator();
        while (each.hasNext()) {
            each.next();
            if (drop) {
                each.remove();
            }
            drop = !drop;
        }
    }

    /** The greatest position before which everything is stored now, if it has moved; {@code ends}: what is acknowledged by now. */
    synchronized Optional<Lsn> reached(LaneReader reader, Supplier<Map<TopicPartition, Long>> ends) {
        Lsn before = stored;
        long searched = reader.searched();
        while (!waiting.isEmpty()) {
            Mark first = waiting.get(0).after(searched, ends);
            waiting.set(0, first);
            if (!first.isReached(reader)) {
                break;
            }
            stored = first.position();
            waiting.remove(0);
        }
        return stored.isAfter(before) ? Optional.of(stored) : Optional.empty();
    }

    synchronized Lsn stored() {
        return stored;
    }
}
