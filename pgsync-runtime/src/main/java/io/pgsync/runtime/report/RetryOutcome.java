package io.pgsync.runtime.report;

import java.util.List;
import java.util.Optional;

/**
 * What became of refused documents of one index that were to be tried again.
 *
 * @param tried how many they were
 * @param refused ids of those that are still refused
 * @param stopped whether the command was asked to end before; the order then stands, and the process that follows
 *     performs it
 * @param left why none of them was tried, because no process follows the index; the others are
 */
public record RetryOutcome(String index, int tried, List<String> refused, boolean stopped, Optional<String> left) {
    /** Of documents that were tried. */
    public RetryOutcome(String index, int tried, List<String> refused, boolean stopped) {
        this(index, tried, refused, stopped, Optional.empty());
    }

    public RetryOutcome {
        refused = List.copyOf(refused);
    }
}
