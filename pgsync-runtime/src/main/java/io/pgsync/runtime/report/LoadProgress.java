package io.pgsync.runtime.report;

import java.time.Duration;

/**
 * One look at a running load.
 *
 * @param stored documents stored so far, those of earlier runs included
 * @param storedHere documents stored since this process began
 * @param expected documents at the end; an estimate, 0 where there is none
 * @param elapsed since this process began to load
 */
public record LoadProgress(String index, long stored, long storedHere, long expected, Duration elapsed) {
    /** At most 99 as long as it runs: the expectation is an estimate. */
    public int percent() {
        return expected <= 0 ? 0 : (int) Math.min(99, stored * 100 / expected);
    }

    /** Documents of this process in a second. */
    public long perSecond() {
        return elapsed.toMillis() == 0 ? 0 : storedHere * 1000 / elapsed.toMillis();
    }
}
