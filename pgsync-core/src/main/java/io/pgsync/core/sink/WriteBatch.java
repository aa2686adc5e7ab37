package io.pgsync.core.sink;

import io.pgsync.core.document.DocumentChange;
import java.util.List;

/** Changes of one index that were read by one statement. Every write and delete carries {@code version}; a greater or equal one wins. */
public record WriteBatch(String index, long version, List<DocumentChange> changes) {
    public WriteBatch {
        changes = List.copyOf(changes);
        if (changes.stream().anyMatch(DocumentChange.Failed.class::isInstance)) {
            throw new IllegalArgumentException("A document that a plugin failed on cannot be written to " + index);
        }
    }
}
