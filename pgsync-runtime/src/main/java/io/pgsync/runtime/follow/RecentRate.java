package io.pgsync.runtime.follow;

import java.util.function.LongSupplier;

/** The recent rate of a counter: its growth since a mark that moves every few seconds. Safe from any thread. */
final class RecentRate {
    private static final long WINDOW_NANOS = 5_000_000_000L;

    private final LongSupplier clock;
    private long markedAt;
    private long marked;
    private double earlier;

    /** {@code clock}: nanoseconds. */
    RecentRate(LongSupplier clock) {
        this.clock = clock;
        this.markedAt = clock.getAsLong();
    }

    /** Events per second. {@code count} must never decrease. */
    synchronized double of(long count) {
        long passed = clock.getAsLong() - markedAt;
        if (passed < WINDOW_NANOS) {
            return earlier == 0 && passed > 0 ? perSecond(count, passed) : earlier;
        }
        earlier = perSecond(count, passed);
        markedAt += passed;
        marked = count;
        return earlier;
    }

    private double perSecond(long count, long passed) {
        return (count - marked) * 1e9 / passed;
    }
}
