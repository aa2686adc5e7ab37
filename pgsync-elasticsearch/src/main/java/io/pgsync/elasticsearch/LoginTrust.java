package io.pgsync.elasticsearch;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Distinguishes a wrong login from one that cannot be checked now: a starting node answers 401 until it has recovered
 * the index with its users. So a login that was accepted before is trusted for a while after its first refusal.
 * Thread-safe.
 */
final class LoginTrust {
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private final LongSupplier nanoTime;
    private boolean known;
    private boolean refused;
    private long refusedSince;

    LoginTrust(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void accepted() {
        known = true;
        refused = false;
    }

    /** Must be asked at every refusal. */
    synchronized boolean isTrusted() {
        long now = nanoTime.getAsLong();
        if (!refused) {
            refused = true;
            refusedSince = now;
        }
        return known && now - refusedSince < PATIENCE.toNanos();
    }
}
