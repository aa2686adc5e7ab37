package io.pgsync.core.affected;

import java.util.List;

/** Names one document: the index and the root row's key in text form, in the order of the root node's key columns. */
public record RootKey(String index, List<String> key) {
    public RootKey {
        key = List.copyOf(key);
    }
}
