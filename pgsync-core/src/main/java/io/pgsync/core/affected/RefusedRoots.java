package io.pgsync.core.affected;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The roots whose last document the engine refused. The engine's document of such a root is older than what was read,
 * so the keys in its {@code _meta} cannot be trusted: these roots are added to the result of every search until they
 * are stored. Thread-safe.
 */
public final class RefusedRoots {
    /** The limit for one index, at about 200 bytes for each root: above it, the index is set aside. */
    public static final int MOST = 250_000;

    private final Map<String, OfIndex> indexes = new ConcurrentHashMap<>();

    private record OfIndex(Map<RootKey, Long> versions, AtomicLong revision) {
        OfIndex() {
            this(new ConcurrentHashMap<>(), new AtomicLong());
        }
    }

    /**
     * The engine refused {@code version} of {@code root}. A root that can have no document is ignored, because the
     * engine has nothing of it.
     */
    public void add(RootKey root, long version) {
        if (!root.canHaveDocument()) {
            return;
        }
        OfIndex index = of(root);
        if (index.versions().merge(root, version, Math::max) == version) {
            index.revision().incrementAndGet();
        }
    }

    /**
     * {@code version} of {@code root} is stored. Changes nothing if that is older than the refused version, which then
     * overtook it.
     */
    public void remove(RootKey root, long version) {
        OfIndex index = of(root);
        Long refused = index.versions().get(root);
        if (refused != null && refused < version && index.versions().remove(root, refused)) {
            index.revision().incrementAndGet();
        }
    }

    /** The refused roots of one index at present, in any order; a copy. */
    public List<RootKey> of(String index) {
        return List.copyOf(named(index).versions().keySet());
    }

    /** Whether a root is refused at present. */
    public boolean contains(RootKey root) {
        return of(root).versions().containsKey(root);
    }

    /** How many roots of an index are refused. */
    public int count(String index) {
        return named(index).versions().size();
    }

    /** A number that changes whenever the roots of an index may have changed. */
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
