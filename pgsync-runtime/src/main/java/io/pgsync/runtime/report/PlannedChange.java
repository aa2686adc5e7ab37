package io.pgsync.runtime.report;

/**
 * One difference between a document of the schema file and its index.
 *
 * @param pointer its place in the schema file, or the nearest one if the file says nothing of it any more
 * @param measure what it takes
 * @param what the difference, in a few words
 * @param reason why it takes that
 * @param byHand whether somebody has changed the index, and not the file
 */
public record PlannedChange(String pointer, Measure measure, String what, String reason, boolean byHand) {
    /** A difference that the file makes. */
    public PlannedChange(String pointer, Measure measure, String what, String reason) {
        this(pointer, measure, what, reason, false);
    }

    /** What a difference takes, from nothing to a new index. */
    public enum Measure {
        /** Nothing has to be done. */
        NOTHING("nothing to do"),
        /** The engine takes a mapping or a setting on the index as it is. */
        IN_PLACE("in place"),
        /** Some or all documents must be written again; the index stays. */
        LOAD("load"),
        /** The index must be made anew. */
        REINDEX("reindex");

        private final String words;

        Measure(String words) {
            this.words = words;
        }

        /** Its name for people. */
        public String words() {
            return words;
        }
    }
}
