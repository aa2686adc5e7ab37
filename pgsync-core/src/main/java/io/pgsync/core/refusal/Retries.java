package io.pgsync.core.refusal;

import io.pgsync.core.affected.RefusedRoots;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.document.SourceViews;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.refusal.RefusalStore.Revised;
import io.pgsync.core.tree.DocumentTree;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Performs orders to try refused documents again, beside the stream and in the same way: the rows are read as they are
 * now. An order stays until the states tell what became of its documents, so it outlives a process that dies.
 */
public final class Retries {
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final RefusalStore store;
    private final RefusedRoots refused;
    private final SourceViews views;
    private final Writes writes;
    private final int chunk;
    /** Orders that are performed, but not removed yet. */
    private final Map<String, Revised<RetryOrder>> performed = new ConcurrentHashMap<>();
    /** Indexes without refused documents, in which no order was found after that. */
    private final Set<String> quiet = ConcurrentHashMap.newKeySet();

    /** {@code chunk}: how many documents are read by one statement. */
    public Retries(RefusalStore store, RefusedRoots refused, SourceViews views, Writes writes, int chunk) {
        this.store = store;
        this.refused = refused;
        this.views = views;
        this.writes = writes;
        this.chunk = chunk;
    }

    /** Reads documents and stores them. */
    public interface Writes {
        /** Completes when all are stored or recorded as refused. */
        Mono<Void> write(DocumentTree tree, List<RootKey> roots);
    }

    /** Looks for orders at intervals and performs them, until {@code stop} signals. */
    public Mono<Void> watch(List<DocumentTree> trees, Publisher<?> stop, Scheduler timer) {
        return Flux.interval(Duration.ZERO, INTERVAL, timer)
                .onBackpressureDrop()
                .takeUntilOther(stop)
                .concatMap(tick -> Flux.fromIterable(trees).concatMap(tree -> look(tree, stop)), 1)
                .then();
    }

    private Mono<Void> look(DocumentTree tree, Publisher<?> stop) {
        return Mono.defer(() -> {
            String index = tree.index();
            boolean isQuiet = refused.count(index) == 0;
            if (isQuiet && quiet.contains(index)) {
                return Mono.empty();
            }
            return orderOf(index).flatMap(order -> {
                if (order.value().isNone()) {
                    note(index, isQuiet);
                    return Mono.empty();
                }
                return order.equals(performed.get(index)) ? Mono.empty() : perform(tree, order, stop);
            });
        });
    }

    /** If the engine is away, those who write wait for it. */
    private Mono<Revised<RetryOrder>> orderOf(String index) {
        return store.order(index).onErrorResume(Remedy::passes, away -> Mono.empty());
    }

    private void note(String index, boolean isQuiet) {
        if (isQuiet) {
            quiet.add(index);
        } else {
            quiet.remove(index);
        }
    }

    private Mono<Void> perform(DocumentTree tree, Revised<RetryOrder> order, Publisher<?> stop) {
        var exhausted = new AtomicBoolean();
        return views.refresh(List.of(tree))
                .thenMany(Flux.defer(() -> Flux.fromIterable(roots(tree, order.value()))))
                .buffer(chunk)
                .doOnComplete(() -> exhausted.set(true))
                .takeUntilOther(stop)
                .concatMap(roots -> writes.write(tree, roots), 1)
                .then(Mono.fromRunnable(() -> {
                    if (exhausted.get()) {
                        performed.put(tree.index(), order);
                    }
                }));
    }

    /** Documents that are no longer refused need not be read. */
    private List<RootKey> roots(DocumentTree tree, RetryOrder order) {
        if (order.all()) {
            return refused.of(tree.index());
        }
        DocumentIds ids = DocumentIds.of(tree);
        return order.ids().stream()
                .flatMap(id -> ids.keyOf(id).stream())
                .map(key -> new RootKey(tree.index(), key))
                .filter(refused::contains)
                .toList();
    }

    /** The orders that are performed by now; to be read before the states are written. */
    public Map<String, Revised<RetryOrder>> performed() {
        return Map.copyOf(performed);
    }

    /** Removes these orders, after the states were written. An order that has grown meanwhile is performed again. */
    public Mono<Void> remove(Map<String, Revised<RetryOrder>> orders) {
        return Flux.fromIterable(orders.entrySet())
                .concatMap(order -> store.replaceOrder(order.getKey(), order.getValue(), RetryOrder.NONE)
                        .then()
                        .onErrorResume(StateConflictException.class, grown -> Mono.empty())
                        .then(Mono.fromRunnable(() -> performed.remove(order.getKey(), order.getValue()))))
                .then();
    }
}
