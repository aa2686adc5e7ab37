package io.pgsync.core.refusal;

import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Records and orders in memory; tells in which order they were written, and may be away. */
public class RefusalsInMemory implements RefusalStore {
    public List<String> written = new ArrayList<>();
    public boolean isAway;
    /** How often somebody has looked for an order. */
    public int looks;

    private final Map<String, Revised<List<Refusal>>> records = new HashMap<>();
    private final Map<String, Revised<RetryOrder>> orders = new HashMap<>();
    private int revisions;

    /** Writes as another process does. */
    public void put(String index, List<Refusal> next) {
        records.put(index, revised(next));
    }

    /** Writes as another process does. */
    public void put(String index, RetryOrder order) {
        orders.put(index, revised(order));
    }

    public List<Refusal> recorded(String index) {
        return of(records, index, List.of()).value();
    }

    public RetryOrder ordered(String index) {
        return of(orders, index, RetryOrder.NONE).value();
    }

    private <T> Revised<T> revised(T value) {
        return new Revised<>(value, Integer.toString(++revisions));
    }

    private static <T> Revised<T> of(Map<String, Revised<T>> all, String index, T none) {
        return all.getOrDefault(index, new Revised<>(none, ""));
    }

    @Override
    public Mono<Revised<List<Refusal>>> refusals(String index) {
        return Mono.fromSupplier(() -> {
            requireThere();
            return of(records, index, List.of());
        });
    }

    @Override
    public Mono<Revised<List<Refusal>>> replaceRefusals(
            String index, Revised<List<Refusal>> expected, List<Refusal> next) {
        return Mono.fromSupplier(() -> {
            Revised<List<Refusal>> now = replace(records, index, expected, next, List.of());
            written.add(
                    "records " + index + " " + next.stream().map(Refusal::id).toList());
            return now;
        });
    }

    @Override
    public Mono<Revised<RetryOrder>> order(String index) {
        return Mono.fromSupplier(() -> {
            looks++;
            requireThere();
            return of(orders, index, RetryOrder.NONE);
        });
    }

    @Override
    public Mono<Revised<RetryOrder>> replaceOrder(String index, Revised<RetryOrder> expected, RetryOrder next) {
        return Mono.fromSupplier(() -> {
            Revised<RetryOrder> now = replace(orders, index, expected, next, RetryOrder.NONE);
            written.add("order " + index + " " + (next.all() ? "all" : next.ids()));
            return now;
        });
    }

    private <T> Revised<T> replace(Map<String, Revised<T>> all, String index, Revised<T> expected, T next, T none) {
        requireThere();
        if (!of(all, index, none).revision().equals(expected.revision())) {
            throw new StateConflictException(index);
        }
        all.put(index, revised(next));
        return of(all, index, none);
    }

    private void requireThere() {
        if (isAway) {
            throw new SyncException(Remedy.RETRY, "store away");
        }
    }
}
