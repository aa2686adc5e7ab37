package io.pgsync.runtime.report;

import java.util.List;

/**
 * What became of refused documents of one index that were to be tried again.
 *
 * @param tried how many they were
 * @param refused ids of those that are still refused
 * @param stopped whether the command was asked to end before; the order then stands, and the process that follows
 *     performs it
 */
public record RetryOutcome(String index, int tried, List<String> refused, boolean stopped) {
    public RetryOutcome {
        refused = List.copyOf(refused);
    }
}
