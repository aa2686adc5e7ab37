package io.pgsync.runtime.follow;

import java.util.List;

/** Is told when a run begins and ends; in between it may ask the databases for their figures whenever it likes. */
public interface RunListener {
    /** Does nothing. */
    RunListener NONE = databases -> {};

    /** Before the first change is read; what it throws ends the run. Must not block. */
    void began(List<FollowedDatabase> databases);

    /** When nothing is under way any more, however the run ended; not where {@link #began} failed. Must not block. */
    default void ended() {}
}
