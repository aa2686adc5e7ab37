package io.pgsync.runtime.verify;

import io.pgsync.runtime.config.AuditRate;
import java.time.Duration;

/** How many documents of an index are compared together, and the time until the next ones are. */
record AuditRhythm(int documents, Duration pause) {
    /** Small parts: a greater one would be a burst. */
    static final int MOST_DOCUMENTS = 1_000;
    /** Each part has a price of its own, so they are no smaller than what is due in a minute. */
    private static final double SECONDS_OF_A_PART = 60;

    private static final double SHORTEST = 1;
    /** An index that is almost empty now may have grown by then. */
    private static final double LONGEST = Duration.ofHours(1).toSeconds();

    /** {@code roots}: an estimate. */
    static AuditRhythm of(AuditRate rate, long roots) {
        double perSecond =
                rate.sharePerHour() * Math.max(1, roots) / Duration.ofHours(1).toSeconds();
        int documents = (int) Math.max(1, Math.min(MOST_DOCUMENTS, Math.round(perSecond * SECONDS_OF_A_PART)));
        return new AuditRhythm(documents, within(documents / perSecond));
    }

    private static Duration within(double seconds) {
        double bounded = Math.max(SHORTEST, Math.min(LONGEST, seconds));
        return Duration.ofMillis(Math.round(bounded * 1_000));
    }
}
