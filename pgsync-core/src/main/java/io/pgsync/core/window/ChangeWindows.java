package io.pgsync.core.window;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeEvent.Begin;
import io.pgsync.core.change.ChangeEvent.Commit;
import io.pgsync.core.change.ChangeEvent.Message;
import io.pgsync.core.change.ChangeWindow;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.Xid;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Cuts the stream into windows of whatever has arrived, without regard to transactions: a transaction may be in several
 * windows, a window may have many transactions.
 */
public final class ChangeWindows {
    private @Nullable Begin current;

    private ChangeWindows() {}

    /** In the order of the stream, one at a time, on {@code scheduler}; {@code most}: events of a window. */
    public static Flux<ChangeWindow> of(Flux<ChangeEvent> events, int most, Scheduler scheduler) {
        return Flux.defer(() -> {
            var cut = new ChangeWindows();
            return Arrivals.of(events, most, scheduler).map(cut::window);
        });
    }

    private ChangeWindow window(List<ChangeEvent> events) {
        var changes = new ArrayList<ChangeEvent>(events.size());
        Set<Xid> committed = new HashSet<>();
        Optional<Lsn> first = Optional.ofNullable(current).map(Begin::finalLsn);
        Optional<Lsn> end = Optional.empty();
        long footprint = 0;
        for (ChangeEvent event : events) {
            footprint += event.footprint();
            if (event instanceof Begin begin) {
                current = begin;
                first = first.or(() -> Optional.of(begin.finalLsn()));
            } else if (event instanceof Commit commit) {
                current = null;
                end = Optional.of(commit.endLsn());
            } else if (!(event instanceof Message)) {
                changes.add(event);
                if (current != null) {
                    committed.add(current.xid());
                }
            }
        }
        return new ChangeWindow(changes, committed, first, end, reach(end), footprint);
    }

    /** Of a transaction that goes on only the begin of its commit record is known: whoever is behind that has the record. */
    private Optional<Lsn> reach(Optional<Lsn> end) {
        return Optional.ofNullable(current)
                .map(begun -> new Lsn(begun.finalLsn().value() + 1))
                .or(() -> end);
    }
}
