package io.pgsync.runtime.follow;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** The time in which a database is not followed, from the first failure to the next start that succeeds. Safe from any thread. */
final class Outage {
    /** A server is asked again every few seconds; somebody who reads the log wants to be reminded, not flooded. */
    static final Duration REMINDER = Duration.ofSeconds(30);

    private final InstantSource clock;
    private Optional<Instant> began = Optional.empty();
    private Instant told = Instant.EPOCH;

    Outage(InstantSource clock) {
        this.clock = clock;
    }

    /** Notes a failure. True if it deserves a warning: the first one does, later ones only from time to time. */
    synchronized boolean failed() {
        Instant now = clock.instant();
        boolean worthIt = began.isEmpty() || !now.isBefore(told.plus(REMINDER));
        began = began.or(() -> Optional.of(now));
        told = worthIt ? now : told;
        return worthIt;
    }

    synchronized void over() {
        began = Optional.empty();
    }

    /** How long the outage has lasted; empty if there is none. */
    synchronized Optional<Duration> lasts() {
        return began.map(since -> Duration.between(since, clock.instant()));
    }
}
