package io.pgsync.core.affected;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The roots whose last document the engine refused. What the engine holds of them is older than what was read, so the keys in its
 * {@code _meta} cannot be trusted: these roots take part in every search of the index until they are stored. Thread-safe.
 */
public final class RefusedRoots {
    private final Map<RootKey, Long> versions = new ConcurrentHashMap<>();

    /** The engine refused what was read of {@code root} as {@code version}. */
    public void add(RootKey root, long version) {
        versions.merge(root, version, Math::max);
    }

    /** {@code version} of {@code root} is stored. An older one than was refused, which overtook it, changes nothing. */
    public void remove(RootKey root, long version) {
        if (!versions.isEmpty()) {
            versions.computeIfPresent(root, (r, refused) -> refused < version ? null : refused);
        }
    }

    public List<RootKey> of(String index) {
        return versions.keySet().stream()
                .filter(root -> root.index().equals(index))
                .toList();
    }
}
