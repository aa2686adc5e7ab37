package io.pgsync.core.tree;

import java.util.List;
import java.util.Optional;

/**
 * A join, and for one through a table that references the node: the node's columns that it references, which {@code _meta} then lists in
 * place of the node's key.
 */
record FoundJoin(Join join, Optional<List<String>> referencedByThrough) {
    FoundJoin {
        referencedByThrough = referencedByThrough.map(List::copyOf);
    }
}
