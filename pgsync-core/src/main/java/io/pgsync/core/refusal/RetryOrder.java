package io.pgsync.core.refusal;

import java.util.List;
import java.util.stream.Stream;

/**
 * Refused documents of an index that are to be read and sent again.
 *
 * @param all every document that is refused when the order is performed
 * @param ids if not all, the documents with these ids
 */
public record RetryOrder(boolean all, List<String> ids) {
    /** Nothing is ordered. */
    public static final RetryOrder NONE = new RetryOrder(false, List.of());

    /** Every document that is refused when the order is performed. */
    public static final RetryOrder ALL = new RetryOrder(true, List.of());

    public RetryOrder {
        ids = List.copyOf(ids);
    }

    /** The documents with these ids. */
    public static RetryOrder of(List<String> ids) {
        return new RetryOrder(false, ids);
    }

    /** Whether nothing is ordered. */
    public boolean isNone() {
        return !all && ids.isEmpty();
    }

    /** Both orders together. */
    public RetryOrder and(RetryOrder other) {
        return all || other.all
                ? ALL
                : of(Stream.concat(ids.stream(), other.ids.stream()).distinct().toList());
    }
}
