package io.pgsync.runtime.report;

/** What became of an order. The constants are in order: of several databases, the greatest outcome counts. */
public enum BackfillOutcome {
    /** All of it is loaded, whoever did it. */
    LOADED,
    /** It was asked to stop before the end: the order remains, and the next run continues it. */
    STOPPED,
    /** The load reached its end, but the engine refused every document of an index. */
    REFUSED
}
