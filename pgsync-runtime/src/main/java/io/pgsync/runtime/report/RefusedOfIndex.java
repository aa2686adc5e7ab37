package io.pgsync.runtime.report;

import io.pgsync.core.refusal.Refusal;
import java.util.List;
import java.util.stream.Stream;

/**
 * Refused documents of one index.
 *
 * @param recorded the documents with a record, oldest first
 * @param unrecorded ids of the others: there was no room for their records, or these were forgotten
 */
public record RefusedOfIndex(String index, List<Refusal> recorded, List<String> unrecorded) {
    public RefusedOfIndex {
        recorded = List.copyOf(recorded);
        unrecorded = List.copyOf(unrecorded);
    }

    /** How many documents. */
    public int count() {
        return recorded.size() + unrecorded.size();
    }

    /** The ids of all. */
    public List<String> ids() {
        return Stream.concat(recorded.stream().map(Refusal::id), unrecorded.stream())
                .toList();
    }
}
