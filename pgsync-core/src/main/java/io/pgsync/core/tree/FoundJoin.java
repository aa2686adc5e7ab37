package io.pgsync.core.tree;

import java.util.List;
import java.util.Optional;

/**
 * A join. If it goes through a table that references the node, also the referenced columns of the node: {@code _meta}
 * then lists these instead of the node's key.
 */
record FoundJoin(Join join, Optional<List<String>> referencedByThrough) {
    FoundJoin {
        referencedByThrough = referencedByThrough.map(List::copyOf);
    }
}
