package io.pgsync.core.affected;

import java.util.List;

/**
 * Roots of one index that a window affects, at least one.
 *
 * @param many true after the first page of a large answer: these roots use the slow lane, where small changes overtake
 *     them
 */
public record AffectedRoots(List<RootKey> roots, boolean many) {
    public AffectedRoots {
        roots = List.copyOf(roots);
    }

    /** The index of all these roots. */
    public String index() {
        return roots.get(0).index();
    }
}
