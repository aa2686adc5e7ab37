package io.pgsync.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for what the product brings about. */
final class Waiting {
    private Waiting() {}

    /** A question to a server. */
    interface Condition {
        boolean holds() throws IOException;
    }

    /** Asks again and again, with {@code pause} in between, and returns the nanoTime at which the condition was seen to hold. */
    static long until(String what, Duration patience, Duration pause, Condition condition) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("After " + patience.toSeconds() + " s: no " + what);
            }
            rest(pause);
        }
        return System.nanoTime();
    }

    static void rest(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
