package io.pgsync.core.pipeline;

import io.pgsync.core.catalog.Definitions;
import io.pgsync.core.change.ChangeEvent.RelationDescribed;
import io.pgsync.core.change.ChangeWindow;
import io.pgsync.core.change.Relation;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.StatementRefusedException;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Effect;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.SchemaWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Notices that documents no longer fit their tables, and records it in the states; the next run then follows the
 * remaining documents. The catalog decides, not the announced columns of a table, because documents are read from the
 * tables as they are now.
 */
final class Divergences {
    /** Not every ALTER TABLE is followed by a change that would announce it. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final SchemaWatch schema;
    private final SyncStateStore states;
    private final IndexLook indexes;
    private final Claim claim;
    private final Map<Integer, Relation> announced = new HashMap<>();
    private final Map<String, Definitions> known = new ConcurrentHashMap<>();
    private final Map<String, Definitions> changed = new ConcurrentHashMap<>();

    Divergences(SchemaWatch schema, IndexPorts ports, Claim claim) {
        this.schema = schema;
        this.states = ports.states();
        this.indexes = new IndexLook(ports.ownership());
        this.claim = claim;
        claim.states()
                .forEach((index, stored) -> stored.state().definitions().ifPresent(then -> known.put(index, then)));
    }

    /**
     * Fails if a table that {@code window} announces no longer fits. Must be called after its fence, one window after
     * the other.
     */
    Mono<Void> announcedBy(ChangeWindow window) {
        return Mono.defer(() -> isNews(window) ? look() : Mono.empty());
    }

    /** True for the first announcement of a table too: the table may have changed since the trees were built. */
    private boolean isNews(ChangeWindow window) {
        boolean news = false;
        for (var change : window.changes()) {
            if (change instanceof RelationDescribed described) {
                Relation relation = described.relation();
                news |= !relation.equals(announced.put(relation.oid(), relation));
            }
        }
        return news;
    }

    /** Looks at intervals; never emits an element, but may fail. */
    <T> Flux<T> nowAndThen(Scheduler timer) {
        return Flux.interval(INTERVAL, timer)
                .onBackpressureDrop()
                .concatMap(tick -> look().then(lookForReplaced(timer)).then(Mono.<T>empty()), 1);
    }

    /**
     * Fails if documents no longer fit their tables. Must also be called before a run reads anything: it finds what
     * happened while nobody followed.
     */
    Mono<Void> look() {
        return schema.drifts(claim.trees())
                .collectList()
                .flatMap(drifts -> schema.definitions(claim.trees()).map(now -> all(drifts, now)))
                .flatMap(Divergences::failIfAny);
    }

    /** If the name of an index now belongs to another index, our alias and our writes are still with the old one. */
    private Mono<Void> lookForReplaced(Scheduler timer) {
        return Flux.fromIterable(claim.states().values())
                .map(StoredState::state)
                .concatMap(state -> indexes.since(state)
                        .timeout(INTERVAL, timer)
                        // If the engine is away, those who write wait for it.
                        .onErrorComplete())
                .collectList()
                .flatMap(Divergences::failIfAny);
    }

    private static Mono<Void> failIfAny(List<Divergence> found) {
        return found.isEmpty() ? Mono.empty() : Mono.error(new DivergenceException(found));
    }

    /**
     * If a document does not fit its tables, its definitions need no look: its next load takes everything as it is
     * then.
     */
    private List<Divergence> all(List<Divergence> drifts, Map<String, Definitions> now) {
        var found = new ArrayList<>(drifts);
        now.forEach((index, definitions) -> {
            if (drifts.stream().noneMatch(drift -> drift.index().equals(index))) {
                found.addAll(changes(index, definitions));
            }
        });
        return found;
    }

    private List<Divergence> changes(String index, Definitions now) {
        List<Divergence> changes =
                definitions(index).map(then -> now.since(then, index)).orElse(List.of());
        (changes.isEmpty() ? known : changed).put(index, now.kept());
        return changes;
    }

    /**
     * The definitions under which the documents of an index were written; empty before the first look of its first run.
     */
    Optional<Definitions> definitions(String index) {
        return Optional.ofNullable(known.get(index));
    }

    /**
     * Always an error: the failure of the run, or, if documents no longer fit their tables, one that starts the next
     * run with the others.
     */
    <T> Mono<T> after(Throwable failure) {
        if (failure instanceof DivergenceException found) {
            return recorded(found);
        }
        if (failure instanceof StatementRefusedException refused) {
            return named(refused).flatMap(this::recorded);
        }
        if (failure instanceof GapException gap) {
            return recorded(gap.divergence())
                    // Without this record the next start may still notice the gap; this run must end with what it
                    // knows.
                    .onErrorResume(SyncException.class, unrecorded -> Mono.empty())
                    .then(Mono.error(failure));
        }
        return Remedy.STOP.isOf(failure)
                ? look().onErrorResume(DivergenceException.class, this::recorded)
                        .then(Mono.error(failure))
                : Mono.error(failure);
    }

    /** If the catalog explains the failure of a statement, that explanation is preferred. */
    private Mono<DivergenceException> named(StatementRefusedException refused) {
        return look().thenReturn(List.<Divergence>of())
                .onErrorResume(DivergenceException.class, better -> Mono.just(better.divergences()))
                .map(better -> {
                    var all = new ArrayList<>(better);
                    refused.divergences().stream()
                            .filter(one -> better.stream().noneMatch(found -> stops(found, one.index())))
                            .forEach(all::add);
                    return new DivergenceException(all);
                });
    }

    private static boolean stops(Divergence found, String index) {
        return found.index().equals(index) && !found.kind().isFollowed();
    }

    private <T> Mono<T> recorded(DivergenceException found) {
        return Flux.fromIterable(found.divergences())
                .concatMap(this::recorded)
                .then(Mono.error(() -> afterRecord(found)));
    }

    private static SyncException afterRecord(DivergenceException found) {
        return found.divergences().stream()
                .filter(one -> one.kind().effect() == Effect.ENDS)
                .findFirst()
                .<SyncException>map(one -> new GapException(one.kind(), one.index(), one.what() + "."))
                .orElse(found);
    }

    private Mono<StoredState> recorded(Divergence found) {
        return new DivergenceRecord(states, claim.generation())
                .one(found, Optional.ofNullable(changed.get(found.index())));
    }
}
