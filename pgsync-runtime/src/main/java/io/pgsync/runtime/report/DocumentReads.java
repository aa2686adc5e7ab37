package io.pgsync.runtime.report;

/**
 * Documents read since the start, for the stream and for loads. One that is read again counts again.
 *
 * @param primary from the server of the stream
 * @param replicas from its standbys
 */
public record DocumentReads(long primary, long replicas) {
    /** Nothing was read. */
    public static final DocumentReads NONE = new DocumentReads(0, 0);
}
