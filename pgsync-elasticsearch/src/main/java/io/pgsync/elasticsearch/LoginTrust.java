package io.pgsync.elasticsearch;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells a login that is wrong from one that cannot be checked for now: a node that starts answers 401 until it has recovered the index that
 * holds its users. So one that was accepted before is trusted for a while after its first refusal. Thread-safe.
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

    /** To be asked at every refusal. */
    synchronized boolean isTrusted() {
        long now = nanoTime.getAsLong();
        if (!refused) {
            refused = true;
            refusedSince = now;
        }
        return known && now - refusedSince < PATIENCE.toNanos();
    }
}
