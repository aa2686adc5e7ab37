package io.pgsync.embedded.postgres;

import io.pgsync.embedded.StopSignal;

/** The three shutdown modes of PostgreSQL. */
public enum StopMode {
    /** Waits until every client has left. */
    SMART(StopSignal.TERM),
    /** Ends the sessions, writes a checkpoint. */
    FAST(StopSignal.INT),
    /** Ends at once; the next start recovers from the WAL. */
    IMMEDIATE(StopSignal.QUIT);

    private final StopSignal signal;

    StopMode(StopSignal signal) {
        this.signal = signal;
    }

    StopSignal signal() {
        return signal;
    }
}
