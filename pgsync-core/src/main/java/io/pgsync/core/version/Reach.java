package io.pgsync.core.version;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;

/**
 * The documents that a read may find, or that a write may change.
 *
 * @param ids empty if it may be any document of the index
 */
public record Reach(String index, Optional<Set<String>> ids) {
    /** Any document of the index. */
    public static Reach wholeOf(String index) {
        return new Reach(index, Optional.empty());
    }

    /** {@code ids} is not copied; do not modify. */
    public static Reach of(String index, Set<String> ids) {
        return new Reach(index, Optional.of(ids));
    }

    /** Whether some document may be in both. */
    boolean meets(Reach other) {
        return index.equals(other.index)
                && (ids.isEmpty() || other.ids.isEmpty() || haveOne(ids.get(), other.ids.get()));
    }

    private static boolean haveOne(Set<String> some, Set<String> others) {
        return !Collections.disjoint(some, others);
    }
}
