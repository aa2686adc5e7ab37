package io.pgsync.kafka.log;

import io.pgsync.core.change.Lsn;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/**
 * Positions of the source and the offsets behind their records: once these are committed, everything before the position is stored. Bounded: of
 * very many that wait, every second one is forgotten, and only the steps in which a position is told grow. Thread-safe.
 */
final class StoredMarks {
    private static final int MOST = 1_000;

    private final List<Mark> waiting = new ArrayList<>();
    private Lsn marked = Lsn.ZERO;
    private Lsn stored = Lsn.ZERO;

    private record Mark(Lsn position, Map<TopicPartition, Long> ends) {}

    /** {@code ends}: read after everything up to {@code position} was acknowledged. */
    synchronized void add(Lsn position, Map<TopicPartition, Long> ends) {
        if (!position.isAfter(marked)) {
            return;
        }
        marked = position;
        waiting.add(new Mark(position, ends));
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

    /** The greatest position before which everything is stored now, if it has moved. */
    synchronized Optional<Lsn> reached(Predicate<Map<TopicPartition, Long>> isCommitted) {
        Lsn before = stored;
        while (!waiting.isEmpty() && isCommitted.test(waiting.get(0).ends())) {
            stored = waiting.remove(0).position();
        }
        return stored.isAfter(before) ? Optional.of(stored) : Optional.empty();
    }

    synchronized Lsn stored() {
        return stored;
    }
}
