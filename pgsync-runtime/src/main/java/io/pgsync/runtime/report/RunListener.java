package io.pgsync.runtime.report;

import java.util.List;

/**
 * Is told when a run begins and ends. Both calls come on a thread that may block, and the run waits for them. In
 * between, the listener may ask the databases for their figures at any time.
 */
public interface RunListener {
    /** Does nothing. */
    RunListener NONE = databases -> {};

    /** Before the first change is read; what it throws ends the run. */
    void began(List<FollowedDatabase> databases);

    /** When nothing is under way, however the run ended; not if {@link #began} failed. */
    default void ended() {}
}
