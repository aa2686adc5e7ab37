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
 * When the commits that are under way were made, so that a stored position tells how far behind it is in time. Remembers one commit for
 * each tenth of a second of the source's clock, and forgets what is stored.
 */
final class CommitTimes {
    private static final Duration APART = Duration.ofMillis(100);

    private final NavigableMap<Lsn, Instant> noted = new ConcurrentSkipListMap<>();
    private @Nullable Instant last;

    /** To be called in stream order, by one thread at a time. */
    void note(ChangeEvent event) {
        if (event instanceof Commit commit) {
            Instant before = last;
            if (before == null || !commit.committedAt().isBefore(before.plus(APART))) {
                last = commit.committedAt();
                noted.put(commit.endLsn(), commit.committedAt());
            }
        }
    }

    /** The time of a commit at or shortly before {@code stored}; positions must not go backwards. Empty before the first. */
    Optional<Instant> upTo(Lsn stored) {
        Map.Entry<Lsn, Instant> entry = noted.floorEntry(stored);
        if (entry == null) {
            return Optional.empty();
        }
        noted.headMap(entry.getKey(), false).clear();
        return Optional.of(entry.getValue());
    }
}
