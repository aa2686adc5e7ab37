package io.pgsync.core.pipeline;

import io.pgsync.core.catalog.Definitions;
import io.pgsync.core.catalog.PartitionChanges;
import io.pgsync.core.change.ChangeEvent.RelationDescribed;
import io.pgsync.core.change.ChangeWindow;
import io.pgsync.core.change.Relation;
import io.pgsync.core.checkpoint.BackfillRequestedException;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.PartitionLoad;
import io.pgsync.core.checkpoint.StatementRefusedException;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Effect;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.SchemaWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private final Map<String, PartitionLoad> loads = new ConcurrentHashMap<>();
    private volatile String partitions = "";

    Divergences(SchemaWatch schema, IndexPorts ports, Claim claim) {
        this.schema = schema;
        this.states = ports.states();
        this.indexes = new IndexLook(ports.ownership());
        this.claim = claim;
        claim.states()
                .forEach((index, stored) -> stored.state().definitions().ifPresent(then -> known.put(index, then)));
    }

    /**
     * Fails if a table that {@code window} announces no longer fits, or has other partitions. Must be called after its
     * fence and before anything is read for it, one window after the other: a document may then show rows of a
     * partition, and nothing would tell of them if it left before the next look.
     */
    Mono<Void> announcedBy(ChangeWindow window) {
        return Mono.defer(() -> isNews(window)
                ? look()
                : schema.partitions(claim.trees())
                        .filter(now -> !now.equals(partitions))
                        .flatMap(now -> look()));
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
        return schema.partitions(claim.trees())
                .doOnNext(now -> partitions = now)
                .thenMany(Flux.defer(() -> schema.drifts(claim.trees())))
                .collectList()
                .flatMap(drifts -> schema.definitions(claim.trees())
                        .map(now -> without(drifts, now))
                        .flatMap(now -> loads(now).map(known -> all(drifts, known))))
                .flatMap(this::failIfAny);
    }

    /**
     * If a document does not fit its tables, its definitions need no look: its next load takes everything as it is
     * then.
     */
    private static Map<String, Definitions> without(List<Divergence> drifts, Map<String, Definitions> now) {
        var fitting = new HashMap<>(now);
        drifts.forEach(drift -> fitting.remove(drift.index()));
        return fitting;
    }

    /**
     * Notes the loads for which partitions call that came or left. Gives the definitions of all indexes of which that
     * is known now.
     */
    private Mono<Map<String, Definitions>> loads(Map<String, Definitions> now) {
        return Flux.fromIterable(now.entrySet())
                .concatMap(entry -> load(entry.getKey(), entry.getValue()).map(known -> entry))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private Mono<Boolean> load(String index, Definitions now) {
        PartitionChanges changes =
                definitions(index).map(now::partitionsSince).orElseGet(() -> new PartitionChanges(Map.of(), Map.of()));
        if (changes.isNone()) {
            return Mono.just(true);
        }
        return load(claim.tree(index), changes)
                .doOnNext(load -> loads.put(index, load))
                .map(load -> true);
    }

    private Mono<PartitionLoad> load(DocumentTree tree, PartitionChanges changes) {
        List<String> lost = changes.left().keySet().stream().sorted().toList();
        String cause = changes.words();
        return changes.came().isEmpty()
                ? Mono.just(PartitionLoad.of(lost, Optional.empty(), cause))
                : schema.rootsWithRowsOf(tree, changes.came())
                        .map(found -> found.map(where -> PartitionLoad.of(lost, Optional.of(where), cause))
                                .orElseGet(() -> PartitionLoad.whole(cause)));
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
                .flatMap(this::failIfAny);
    }

    private Mono<Void> failIfAny(List<Divergence> found) {
        if (!found.isEmpty()) {
            return Mono.error(new DivergenceException(found));
        }
        return Mono.justOrEmpty(loads.entrySet().stream().findFirst())
                .flatMap(load -> Mono.error(new BackfillRequestedException(
                        load.getKey(), load.getValue().cause())));
    }

    private List<Divergence> all(List<Divergence> drifts, Map<String, Definitions> now) {
        var found = new ArrayList<>(drifts);
        now.forEach((index, definitions) -> found.addAll(changes(index, definitions)));
        return found;
    }

    private List<Divergence> changes(String index, Definitions now) {
        List<Divergence> changes =
                definitions(index).map(then -> now.since(then, index)).orElse(List.of());
        (changes.isEmpty() && !loads.containsKey(index) ? known : changed).put(index, now.kept());
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
        if (failure instanceof BackfillRequestedException) {
            return loadsAskedFor().then(Mono.error(failure));
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
                        .onErrorResume(
                                BackfillRequestedException.class,
                                asked -> loadsAskedFor().then(Mono.error(asked)))
                        .then(Mono.error(failure))
                : Mono.error(failure);
    }

    /** If the catalog explains the failure of a statement, that explanation is preferred. */
    private Mono<DivergenceException> named(StatementRefusedException refused) {
        return look().thenReturn(List.<Divergence>of())
                .onErrorResume(DivergenceException.class, better -> Mono.just(better.divergences()))
                .onErrorResume(BackfillRequestedException.class, asked -> Mono.just(List.of()))
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
        return loadsAskedFor()
                .thenMany(Flux.fromIterable(found.divergences()))
                .concatMap(this::recorded)
                .then(Mono.error(() -> afterRecord(found)));
    }

    /** In the states, with the definitions that call for them, so that each is asked for once. */
    private Mono<Void> loadsAskedFor() {
        return Flux.fromIterable(Map.copyOf(loads).entrySet())
                .concatMap(load -> new DivergenceRecord(states, claim.generation())
                        .load(load.getKey(), load.getValue(), Objects.requireNonNull(changed.get(load.getKey()))))
                .then();
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
