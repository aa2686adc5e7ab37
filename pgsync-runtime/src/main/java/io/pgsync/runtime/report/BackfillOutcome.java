package io.pgsync.runtime.report;

/** What became of an order; of several databases the last one in this order counts. */
public enum BackfillOutcome {
    /** All of it is loaded, whoever did it. */
    LOADED,
    /** It was asked to stop before: the order stands, and the next run goes on with it. */
    STOPPED,
    /** The load came to its end, and the engine refused every document of an index. */
    REFUSED
}
