package io.pgsync.kafka.log;

import io.pgsync.core.change.Lsn;
import io.pgsync.kafka.lane.LaneProgress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/**
 * Positions of the source and what must be committed before everything up to them is stored: first the searches, because they append more roots;
 * then the roots. Bounded: the more positions wait, the fewer of them are kept, at equal steps: so a
 * position may be told some time after it was stored; the last one is told at once.
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
    /** One of so many positions is kept, and the last one until the next comes. */
    private long step = 1;

    private long added;
    private boolean lastGivesWay;
    private Lsn marked = Lsn.ZERO;
    private Lsn stored = Lsn.ZERO;

    private record Mark(Lsn position, long searches, Map<TopicPartition, Long> ends) {
        /** With what the searches have appended, if they are done by now. */
        Mark after(long searched, Supplier<Map<TopicPartition, Long>> ends) {
            return searches > 0 && searches <= searched ? new Mark(position, 0, ends.get()) : this;
        }

        boolean isReached(LaneProgress lanes) {
            return searches == 0 && lanes.isCommitted(ends);
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
        var mark = new Mark(position, searches, ends);
        if (lastGivesWay) {
            waiting.set(waiting.size() - 1, mark);
        } else {
            waiting.add(mark);
        }
        lastGivesWay = ++added % step != 0;
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
        step *= 2;
    }

    /** The greatest position before which everything is stored now, if it has moved; {@code ends}: what is acknowledged by now. */
    synchronized Optional<Lsn> reached(LaneProgress lanes, Supplier<Map<TopicPartition, Long>> ends) {
        Lsn before = stored;
        long searched = lanes.searched();
        while (!waiting.isEmpty()) {
            Mark first = waiting.get(0).after(searched, ends);
            waiting.set(0, first);
            if (!first.isReached(lanes)) {
                break;
            }
            stored = first.position();
            waiting.remove(0);
        }
        if (waiting.isEmpty()) {
            lastGivesWay = false;
            step = 1;
        }
        return stored.isAfter(before) ? Optional.of(stored) : Optional.empty();
    }

    synchronized Lsn stored() {
        return stored;
    }
}
