package io.pgsync.core.handover;

import io.pgsync.core.affected.RootKey;

/**
 * A root as the log gives it back.
 *
 * @param stored to be run when its document is stored under this version or a greater one, or recorded as refused: the log does not give it
 *     again then
 */
public record TakenRoot(RootKey root, long version, Runnable stored) implements Waiting {
    /** It waits for one root from the beginning. */
    @Override
    public void expect() {}

    @Override
    public void done() {
        stored.run();
    }
}
