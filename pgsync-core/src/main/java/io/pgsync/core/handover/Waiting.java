package io.pgsync.core.handover;

/** Somebody who waits for roots to be stored. Safe from any thread. */
public interface Waiting {
    /** Waits for one more root. Must not be called after the last {@link #done()}. */
    void expect();

    /** One of them is stored, or recorded as refused. */
    void done();
}
