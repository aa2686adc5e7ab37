package io.pgsync.runtime.report;

import java.util.List;

/**
 * One document that is not stored as the source has it.
 *
 * @param id the engine's {@code _id}
 * @param paths the first places in which the two differ, such as {@code authors[2].name}; empty unless the kind is
 *     DIFFERENT
 */
public record Difference(Kind kind, String id, List<String> paths) {
    public Difference {
        paths = List.copyOf(paths);
    }

    /** How a document is wrong. */
    public enum Kind {
        /** The source has it, the index does not. */
        MISSING,
        /** Both have it, with other content. */
        DIFFERENT,
        /** The index has it, the source does not. */
        EXTRA
    }
}
