package io.pgsync.runtime.report;

import java.time.Duration;

/**
 * One look at a running load.
 *
 * @param stored documents stored so far, those of earlier runs included
 * @param storedHere documents stored by this process
 * @param expected documents at the end; an estimate, 0 if there is none
 * @param elapsed since this process began to load
 */
public record LoadProgress(String index, long stored, long storedHere, long expected, Duration elapsed) {
    /** At most 99: the number of expected documents is only an estimate, and the load is not over. */
    public int percent() {
        return expected <= 0 ? 0 : (int) Math.min(99, stored * 100 / expected);
    }

    /** Documents per second, of this process. */
    public long perSecond() {
        return elapsed.toMillis() == 0 ? 0 : storedHere * 1000 / elapsed.toMillis();
    }
}
