package io.pgsync.core.change;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A run of neighbouring changes that is handled as one. It may hold several transactions or a part of one; a transaction of any size
 * passes as many windows, none of which holds it whole.
 *
 * @param changes row changes, truncations and announced relations, in order
 * @param committed the transactions they belong to
 * @param commit where the first of its transactions is committed; empty if it holds nothing of any
 * @param end the position behind the last commit in the window; empty inside a large transaction
 * @param footprint of all events that were taken for it, in bytes; to be released once the changes were looked at
 */
public record ChangeWindow(
        List<ChangeEvent> changes, Set<Xid> committed, Optional<Lsn> commit, Optional<Lsn> end, long footprint) {
    public ChangeWindow {
        changes = List.copyOf(changes);
        committed = Set.copyOf(committed);
    }

    /** A window of events that keep nothing. */
    public ChangeWindow(List<ChangeEvent> changes, Set<Xid> committed, Optional<Lsn> commit, Optional<Lsn> end) {
        this(changes, committed, commit, end, 0);
    }
}
