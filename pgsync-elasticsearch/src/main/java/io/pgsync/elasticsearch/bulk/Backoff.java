package io.pgsync.elasticsearch.bulk;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Exponential back-off with jitter: between half of the step and all of it.
 *
 * @param random gives numbers in [0, 1)
 */
record Backoff(Duration first, Duration longest, DoubleSupplier random) {
    /** {@code failures}: the number so far; 0 means no wait. */
    Duration after(int failures) {
        if (failures == 0) {
            return Duration.ZERO;
        }
        long step = first.toMillis() << Math.min(failures - 1, 20);
        long capped = Math.min(step, longest.toMillis());
        return Duration.ofMillis((long) (capped * (0.5 + random.getAsDouble() / 2)));
    }
}
