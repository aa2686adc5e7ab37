package io.pgsync.kafka.lane;

import java.time.Duration;

/**
 * How long a poll waits for records. What is done meanwhile is committed after it; so while something is under way it waits for a moment only, and
 * twice as long each time that nothing moved: an engine that is away for hours must not keep a processor busy. Not thread-safe.
 */
final class PollPatience {
    static final Duration LONGEST = Duration.ofMillis(100);
    static final Duration SHORTEST = Duration.ofMillis(5);

    private Duration last = SHORTEST;

    /** Of the next poll. */
    Duration next(boolean isBusy) {
        if (!isBusy) {
            return LONGEST;
        }
        Duration now = last;
        Duration twice = last.multipliedBy(2);
        last = twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
        return now;
    }

    /** Something was taken or committed. */
    void moved() {
        last = SHORTEST;
    }
}
