package io.pgsync.runtime.report;

import java.time.Duration;

/**
 * One look at a comparison that is under way.
 *
 * @param stage what is being looked at
 * @param compared documents of this stage so far
 * @param expected documents at its end; an estimate, 0 if there is none
 * @param differing documents that are known to differ
 * @param elapsed since this stage began
 */
public record VerifyProgress(
        String index, Stage stage, long compared, long expected, long differing, Duration elapsed) {
    /** The parts of a comparison, in order. */
    public enum Stage {
        /** The documents of the source. */
        DOCUMENTS,
        /** Ids in the index, in search of documents without a root. */
        IDS,
        /** What differed is stored again. */
        REPAIR
    }

    /** At most 99: the number of expected documents is only an estimate. */
    public int percent() {
        return expected <= 0 ? 0 : (int) Math.min(99, compared * 100 / expected);
    }
}
