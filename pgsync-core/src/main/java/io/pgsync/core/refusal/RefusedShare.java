package io.pgsync.core.refusal;

import java.util.BitSet;

/** How many of the last documents of an index were refused. */
final class RefusedShare {
    private final RefusedLimit limit;
    private final BitSet refused = new BitSet(RefusedLimit.WINDOW);
    private int documents;
    private int next;

    RefusedShare(RefusedLimit limit) {
        this.limit = limit;
    }

    /** Counts one more document; true if the limit is exceeded now. */
    boolean exceededWith(boolean isRefused) {
        refused.set(next, isRefused);
        next = (next + 1) % RefusedLimit.WINDOW;
        documents = Math.min(documents + 1, RefusedLimit.WINDOW);
        return limit.isExceededBy(refused.cardinality(), documents);
    }

    @Override
    public String toString() {
        return "%,d of its last %,d documents were refused, more than %d percent"
                .formatted(refused.cardinality(), documents, limit.percent());
    }
}
