package io.pgsync.runtime.config;

import java.util.List;
import java.util.Optional;

/**
 * What is to be loaded again.
 *
 * @param indexes indexes of the schema file's documents
 * @param where an SQL condition, to load only the roots that match it; empty for all
 */
public record BackfillOrder(List<String> indexes, Optional<String> where) {
    public BackfillOrder {
        indexes = List.copyOf(indexes);
    }

    /** Whole indexes. */
    public static BackfillOrder of(String... indexes) {
        return new BackfillOrder(List.of(indexes), Optional.empty());
    }
}
