package io.pgsync.core.handover;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What waits in a log of work: appended, and not known to be stored. Counted in records, a few of which hold no root; so it is a little more than
 * what really waits, and never less.
 *
 * @param roots those that changes of few roots ask for
 * @param many those that changes of many roots ask for, see {@link RootWork#many()}
 * @param searches for documents that hold a row of a change
 * @param oldest when the first of them was appended, by the clock of its owner; empty if none waits, or if it is not known
 */
public record Backlog(long roots, long many, long searches, Optional<Instant> oldest) {
    /** Everything is stored. */
    public static final Backlog NOTHING = new Backlog(0, 0, 0, Optional.empty());

    /** Whether everything is stored. */
    public boolean isEmpty() {
        return roots + many + searches == 0;
    }

    /** How long the oldest waits already; never negative, though clocks may differ. */
    public Optional<Duration> age(Instant now) {
        return oldest.map(since -> since.isAfter(now) ? Duration.ZERO : Duration.between(since, now));
    }
}
