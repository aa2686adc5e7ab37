package io.pgsync.core.affected;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The roots whose last document the engine refused. What the engine holds of them is older than what was read, so the keys in its
 * {@code _meta} cannot be trusted: these roots take part in every search of the index until they are stored. Thread-safe.
 */
public final class RefusedRoots {
    /** More of one index are not remembered, at some 200 bytes each: such an index is not to be followed any more. */
    public static final int MOST = 250_000;

    private final Map<String, OfIndex> indexes = new ConcurrentHashMap<>();

    private record OfIndex(Map<RootKey, Long> versions, AtomicLong revision) {
        OfIndex() {
            this(new ConcurrentHashMap<>(), new AtomicLong());
        }
    }

    /** The engine refused what was read of {@code root} as {@code version}. One that can have no document has nothing in the engine. */
    public void add(RootKey root, long version) {
        if (!root.canHaveDocument()) {
            return;
        }
        OfIndex index = of(root);
        if (index.versions().merge(root, version, Math::max) == version) {
            index.revision().incrementAndGet();
        }
    }

    /** {@code version} of {@code root} is stored. An older one than was refused, which overtook it, changes nothing. */
    public void remove(RootKey root, long version) {
        OfIndex index = of(root);
        Long refused = index.versions().get(root);
        if (refused != null && refused < version && index.versions().remove(root, refused)) {
            index.revision().incrementAndGet();
        }
    }

    /** Those of one index as they are now, in no order; a copy. */
    public List<RootKey> of(String index) {
        return List.copyOf(named(index).versions().keySet());
    }

    /** How many there are of an index. */
    public int count(String index) {
        return named(index).versions().size();
    }

    /** Another number whenever the roots of an index may be others. */
    public long revision(String index) {
        return named(index).revision().get();
    }

    private OfIndex of(RootKey root) {
        return named(root.index());
    }

    private OfIndex named(String index) {
        return indexes.computeIfAbsent(index, name -> new OfIndex());
    }
}
