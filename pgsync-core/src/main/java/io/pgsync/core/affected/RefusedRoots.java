package io.pgsync.core.affected;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The roots whose last document the engine refused. What the engine holds of them is older than what was read, so the keys in its
 * {@code _meta} cannot be trusted: these roots take part in every search of the index until they are stored. Thread-safe.
 */
public final class RefusedRoots {
    private final Set<RootKey> roots = ConcurrentHashMap.newKeySet();

    public void add(RootKey root) {
        roots.add(root);
    }

    public void remove(RootKey root) {
        if (!roots.isEmpty()) {
            roots.remove(root);
        }
    }

    public List<RootKey> of(String index) {
        return roots.stream().filter(root -> root.index().equals(index)).toList();
    }
}
