package io.pgsync.core.affected;

import java.util.List;

/**
 * Names one document: the index and the root row's key in text form, in the order of the root node's key columns. A row with a null in its key
 * (of a view, or of a table without a primary key) has no name, so no document: its key is empty.
 */
public record RootKey(String index, List<String> key) {
    public RootKey {
        key = List.copyOf(key);
    }

    /** For all rows of an index's root that have no whole key. */
    public static RootKey none(String index) {
        return new RootKey(index, List.of());
    }

    public boolean isNone() {
        return key.isEmpty();
    }
}
