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
 * tenth of a second of the source's clock, and forgets what is stored.
 */
final class CommitTimes {
    private static final Duration APART = Duration.ofMillis(100);

    private final NavigableMap<Lsn, Instant> noted = new ConcurrentSkipListMap<>();
    private @Nullable Instant last;

    /** Must be called in the order of the stream, by one thread at a time. */
    void note(ChangeEvent event) {
        if (event instanceof Commit commit) {
            Instant before = last;
            if (before == null || !commit.committedAt().isBefore(before.plus(APART))) {
                last = commit.committedAt();
                noted.put(commit.endLsn(), commit.committedAt());
            }
        }
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
        return Optional.of(entry.getValue());
    }
}
