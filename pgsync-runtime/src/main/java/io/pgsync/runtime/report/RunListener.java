package io.pgsync.runtime.report;

import java.util.List;

/**
 * Is told when a run begins and ends, on a thread that may block, and the run waits for it; in between it may ask the databases for their
 * figures whenever it likes.
 */
public interface RunListener {
    /** Does nothing. */
    RunListener NONE = databases -> {};

    /** Before the first change is read; what it throws ends the run. */
    void began(List<FollowedDatabase> databases);

    /** When nothing is under way any more, however the run ended; not where {@link #began} failed. */
    default void ended() {}
}
