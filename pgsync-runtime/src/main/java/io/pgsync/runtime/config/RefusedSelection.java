package io.pgsync.runtime.config;

import io.pgsync.core.refusal.Refusal;
import java.util.List;
import java.util.Optional;

/**
 * Which refused documents are meant.
 *
 * @param indexes indexes of the schema file's documents; empty for all of them
 * @param ids ids of documents; empty for all
 * @param type the class of the failure, which only a record has; empty for all
 */
public record RefusedSelection(List<String> indexes, List<String> ids, Optional<String> type) {
    /** All refused documents of the schema file. */
    public static final RefusedSelection ALL = new RefusedSelection(List.of(), List.of(), Optional.empty());

    public RefusedSelection {
        indexes = List.copyOf(indexes);
        ids = List.copyOf(ids);
    }

    /** The documents with these ids, in every index. */
    public static RefusedSelection ofIds(String... ids) {
        return new RefusedSelection(List.of(), List.of(ids), Optional.empty());
    }

    /** Whether all refused documents of these indexes are meant. */
    public boolean isWhole() {
        return ids.isEmpty() && type.isEmpty();
    }

    /** Whether documents of an index are meant. */
    public boolean hasIndex(String index) {
        return indexes.isEmpty() || indexes.contains(index);
    }

    /** Whether a document with a record is meant. */
    public boolean has(Refusal refusal) {
        return hasId(refusal.id()) && type.map(refusal.type()::equals).orElse(true);
    }

    /** Whether a document is meant of which only the id is known. */
    public boolean hasUnrecorded(String id) {
        return hasId(id) && type.isEmpty();
    }

    private boolean hasId(String id) {
        return ids.isEmpty() || ids.contains(id);
    }
}
