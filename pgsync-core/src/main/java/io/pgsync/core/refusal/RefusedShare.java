package io.pgsync.core.refusal;

import java.util.BitSet;
import java.util.Optional;

/** How many of the last documents of an index were refused. Thread-safe. */
final class RefusedShare {
    private final RefusedLimit limit;
    private final BitSet refused = new BitSet(RefusedLimit.WINDOW);
    private int documents;
    private int next;

    RefusedShare(RefusedLimit limit) {
        this.limit = limit;
    }

    /** Counts one more document; if the limit is exceeded now, says by how many. */
    synchronized Optional<String> excessWith(boolean isRefused) {
        refused.set(next, isRefused);
        next = (next + 1) % RefusedLimit.WINDOW;
        documents = Math.min(documents + 1, RefusedLimit.WINDOW);
        int count = refused.cardinality();
        return limit.isExceededBy(count, documents)
                ? Optional.of("%,d of its last %,d documents were refused, more than %d percent"
                        .formatted(count, documents, limit.percent()))
                : Optional.empty();
    }
}
