package io.pgsync.core.pipeline;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeEvent.Commit;
import io.pgsync.core.change.Lsn;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The times of commits under way, from which the time of a stored position is known. Remembers one commit for each
 * tenth of a second of the source's clock, and forgets what is stored. Bounded: of very many it remembers fewer, at greater distances, so a time
 * may then be that of a commit some while before.
 */
final class CommitTimes {
    private static final Duration APART = Duration.ofMillis(100);

    private static final int MOST = 20_000;

    private final NavigableMap<Lsn, Instant> noted = new ConcurrentSkipListMap<>();
    private @Nullable Instant last;
    private volatile Duration apart = APART;
    private int put;

    /** Must be called in the order of the stream, by one thread at a time. */
    void note(ChangeEvent event) {
        if (event instanceof Commit commit) {
            Instant before = last;
            if (before == null || !commit.committedAt().isBefore(before.plus(apart))) {
                last = commit.committedAt();
                noted.put(commit.endLsn(), commit.committedAt());
                if (++put % MOST == 0 && noted.size() >= MOST) {
                    thinOut();
                }
            }
        }
    }

    /** So they stay at equal distances. */
    private void thinOut() {
        boolean drop = false;
        for (var each = noted.keySet().iterator(); each.hasNext(); drop = !drop) {
            each.next();
            if (drop) {
                each.remove();
            }
        }
        apart = apart.multipliedBy(2);
    }

    /** How many are kept; for tests. */
    int kept() {
        return noted.size();
    }

    /**
     * The time of a commit at or shortly before {@code stored}; positions must not go backwards. Empty before the
     * first.
     */
    Optional<Instant> upTo(Lsn stored) {
        Map.Entry<Lsn, Instant> entry = noted.floorEntry(stored);
        if (entry == null) {
            return Optional.empty();
        }
        noted.headMap(entry.getKey(), false).clear();
        if (noted.size() == 1) {
            apart = APART;
        }
        return Optional.of(entry.getValue());
    }
}
