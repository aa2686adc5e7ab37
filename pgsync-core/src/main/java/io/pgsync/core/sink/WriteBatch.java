package io.pgsync.core.sink;

import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.version.Versions;
import java.util.List;

/** Changes of one index, each with the version that its write or delete carries; a greater or equal one wins. */
public record WriteBatch(String index, Versions versions, List<DocumentChange> changes) {
    public WriteBatch {
        changes = List.copyOf(changes);
        if (changes.stream().anyMatch(DocumentChange.Failed.class::isInstance)) {
            throw new IllegalArgumentException("A document that a plugin failed on cannot be written to " + index);
        }
    }

    /** All of them with one version: they were read by one statement. */
    public WriteBatch(String index, long version, List<DocumentChange> changes) {
        this(index, Versions.same(version), changes);
    }

    /** The version of one of the changes. */
    public long versionOf(DocumentChange change) {
        return versions.of(change.id());
    }
}
