package io.pgsync.core.refusal;

import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Port: keeps the records of refused documents beside the states, and orders to try these documents again. Records are
 * for people: which documents are refused, the state of the index says.
 */
public interface RefusalStore {
    /** Keeps nothing, and has no orders. */
    RefusalStore NONE = new NoRefusals();

    /** The records of an index; an empty list if there are none. */
    Mono<Revised<List<Refusal>>> refusals(String index);

    /**
     * Replaces {@code expected}; fails with {@link io.pgsync.core.checkpoint.StateConflictException} if somebody else
     * has written the records since they were read.
     */
    Mono<Revised<List<Refusal>>> replaceRefusals(String index, Revised<List<Refusal>> expected, List<Refusal> next);

    /** What is to be tried again; {@link RetryOrder#NONE} if nothing is. */
    Mono<Revised<RetryOrder>> order(String index);

    /** Replaces an order, in the same way as records. */
    Mono<Revised<RetryOrder>> replaceOrder(String index, Revised<RetryOrder> expected, RetryOrder next);

    /** {@code revision} belongs to the store; opaque to others. */
    record Revised<T>(T value, String revision) {}
}
