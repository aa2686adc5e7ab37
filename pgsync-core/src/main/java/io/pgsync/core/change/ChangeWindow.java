package io.pgsync.core.change;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A series of adjacent changes that is handled as one unit. It may hold several transactions or a part of one. A
 * transaction of any size passes in many windows, so it is never in memory as a whole.
 *
 * @param changes row changes, truncations and announced relations, in order
 * @param committed the transactions of these changes
 * @param commit the commit position of its first transaction; empty if it has none
 * @param end the position after the last commit in the window; empty inside a large transaction
 * @param reach a server that has replayed the log up to here shows all its transactions; empty if it has none
 * @param footprint bytes of all events that were taken for it; must be released after the changes were looked at
 */
public record ChangeWindow(
        List<ChangeEvent> changes,
        Set<Xid> committed,
        Optional<Lsn> commit,
        Optional<Lsn> end,
        Optional<Lsn> reach,
        long footprint) {
    public ChangeWindow {
        changes = List.copyOf(changes);
        committed = Set.copyOf(committed);
    }

    /** A window of events without a footprint, which reaches to its end. */
    public ChangeWindow(List<ChangeEvent> changes, Set<Xid> committed, Optional<Lsn> commit, Optional<Lsn> end) {
        this(changes, committed, commit, end, end, 0);
    }
}
