package io.pgsync.runtime.config;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is to be compared with the source.
 *
 * @param indexes indexes of the schema file's documents; empty for all
 * @param where an SQL condition, to compare only the roots that match it; empty for all
 * @param sample the part of the documents that is compared, greater than 0, at most 1
 * @param rate at most so many documents are compared in a second; empty for as many as the servers give
 * @param repair whether what differs is read and stored again
 */
public record VerifyOrder(
        List<String> indexes, Optional<String> where, double sample, OptionalInt rate, boolean repair) {
    public VerifyOrder {
        indexes = List.copyOf(indexes);
        if (!(sample > 0 && sample <= 1)) {
            throw new IllegalArgumentException("A sample is a part of the documents, from 0 to 1: " + sample);
        }
        if (rate.orElse(1) < 1) {
            throw new IllegalArgumentException("A rate is at least 1 document per second: " + rate.getAsInt());
        }
    }

    /** Everything in these indexes, or in all of them if none is named. */
    public static VerifyOrder of(String... indexes) {
        return new VerifyOrder(List.of(indexes), Optional.empty(), 1, OptionalInt.empty(), false);
    }
}
