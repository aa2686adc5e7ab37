package io.pgsync.core.affected;

import java.util.List;

/**
 * Roots of one index that a window affects, at least one.
 *
 * @param many part of an answer that has more of them: such roots let those of smaller changes go first
 */
public record AffectedRoots(List<RootKey> roots, boolean many) {
    public AffectedRoots {
        roots = List.copyOf(roots);
    }

    /** The one index of all these roots. */
    public String index() {
        return roots.get(0).index();
    }
}
