package io.pgsync.core.pipeline;

import io.pgsync.core.affected.RefusedRoots;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.checkpoint.Evidence;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.Soundness;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.handover.OwnedWorkLog;
import io.pgsync.core.handover.WorkLog;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.version.ReadVersions;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Makes this process the only writer: checks that the states fit the source, takes the next generation by
 * compare-and-set, then fences off all older writers. Done again for each run, so requests of earlier runs that are
 * still under way are drained.
 */
final class Claims {
    /** Less than every version of this run, so any document that the run stores of such a root replaces the refusal. */
    private static final long REFUSED_BEFORE = 0;

    private static final int MOST_LEFTOVERS = 3;

    private final List<DocumentTree> trees;
    private final IndexPorts index;
    private final PipelineListener listener;
    private final NothingLeft nothingLeft;
    private final Optional<WorkLog> log;

    /** Set before the generation is written: a claim that fails half-way has written it to some states. */
    private final AtomicLong taken = new AtomicLong();

    Claims(
            Collection<DocumentTree> trees,
            IndexPorts index,
            PipelineListener listener,
            NothingLeft nothingLeft,
            Optional<WorkLog> log) {
        this.trees = List.copyOf(trees);
        this.index = index;
        this.listener = listener;
        this.nothingLeft = nothingLeft;
        this.log = log;
    }

    /**
     * Claims all indexes that are not set aside. If all are, {@link NothingLeft} decides: the claim is empty, or it
     * fails.
     */
    Mono<Claim> claim(SourcePosition source) {
        return log.map(found -> owned(found).flatMap(owned -> claim(source, Optional.of(owned))))
                .orElseGet(() -> claim(source, Optional.empty()));
    }

    /** Before the states are read for the claim: their owner must be the log's. */
    private Mono<OwnedWorkLog> owned(WorkLog found) {
        return Flux.fromIterable(trees)
                .concatMap(tree -> index.states().load(tree.index()))
                .concatMapIterable(stored -> stored.stream().toList())
                .collectList()
                .flatMap(states -> found.own(next(states), listener::stored));
    }

    private Mono<Claim> claim(SourcePosition source, Optional<OwnedWorkLog> owned) {
        return Flux.fromIterable(trees)
                .concatMap(tree -> checkedState(tree, owed(source, owned), owned.flatMap(OwnedWorkLog::loss)))
                .collectList()
                .flatMap(states -> followed(states).isEmpty()
                        ? withoutAny(states, owned)
                        : takeOver(followed(states), source, owned))
                .retryWhen(afterConflict())
                .delayUntil(Claim::begin)
                .onErrorResume(failure ->
                        owned.map(OwnedWorkLog::close).orElseGet(Mono::empty).then(Mono.error(failure)));
    }

    /** The source with the position that the indexes must have reached: what a log still has, they may lack. */
    private static SourcePosition owed(SourcePosition source, Optional<OwnedWorkLog> owned) {
        return owned.map(OwnedWorkLog::position)
                .map(position -> source.withConfirmed(position.owed(source.confirmed())))
                .orElse(source);
    }

    /**
     * Whether every document is set aside and the source goes on without documents; fails if {@link NothingLeft} ends
     * the process.
     */
    Mono<Boolean> isIdle() {
        return Flux.fromIterable(trees)
                .concatMap(tree -> index.states().load(tree.index()))
                .concatMapIterable(stored -> stored.stream().toList())
                .filter(stored -> stored.state().isSetAside())
                .collectList()
                .flatMap(setAside -> setAside.size() < trees.size()
                        ? Mono.just(false)
                        : withoutAny(setAside, Optional.empty()).thenReturn(true));
    }

    /** Fails if an index has a newer owner than the last claim of this process; never before the first claim. */
    Mono<Void> checkOwner() {
        return Flux.defer(() -> Flux.fromIterable(taken.get() == 0 ? List.<DocumentTree>of() : trees))
                .concatMap(tree -> index.states().load(tree.index()))
                .concatMap(Mono::justOrEmpty)
                .filter(stored -> stored.state().generation() > taken.get())
                .next()
                .flatMap(newer ->
                        Mono.error(new StateConflictException(newer.state().index())));
    }

    /**
     * The slot is ours alone, so the conflicting write was the last one of a process that is gone: the states it left
     * are read again.
     */
    private static Retry afterConflict() {
        return Retry.max(MOST_LEFTOVERS)
                .filter(StateConflictException.class::isInstance)
                .onRetryExhaustedThrow((retry, signal) -> signal.failure());
    }

    /** The roots of the claimed indexes that were refused before; they remain part of searches. */
    static RefusedRoots refusedRoots(Claim claim) {
        var refused = new RefusedRoots();
        for (DocumentTree tree : claim.trees()) {
            DocumentIds ids = DocumentIds.of(tree);
            claim.state(tree.index()).refused().stream()
                    .flatMap(id -> ids.keyOf(id).stream())
                    .forEach(key -> refused.add(new RootKey(tree.index(), key), REFUSED_BEFORE));
        }
        return refused;
    }

    private Mono<StoredState> checkedState(DocumentTree tree, SourcePosition source, Optional<String> loss) {
        return index.states()
                .load(tree.index())
                .flatMap(stored -> stored.map(Mono::just)
                        .orElseGet(() -> Mono.error(new GapException(Soundness.withoutState(tree.index())))))
                .flatMap(stored ->
                        stored.state().isSetAside() ? Mono.just(told(stored)) : checked(stored, source, loss));
    }

    private StoredState told(StoredState stored) {
        listener.diverged(stored.state().index(), stored.state().diverged());
        return stored;
    }

    private Mono<StoredState> checked(StoredState stored, SourcePosition source, Optional<String> loss) {
        return ending(Soundness.of(stored.state(), new Evidence.Log(loss), new Evidence.Source(source)))
                .then(Mono.defer(() -> new IndexLook(index.ownership()).since(stored.state())))
                .flatMap(found -> ending(Optional.of(found)))
                .then(Mono.fromSupplier(() -> told(stored)));
    }

    private List<StoredState> followed(List<StoredState> states) {
        return states.stream().filter(stored -> !stored.state().isSetAside()).toList();
    }

    private Mono<Claim> withoutAny(List<StoredState> states, Optional<OwnedWorkLog> owned) {
        List<String> advice = states.stream()
                .flatMap(stored -> stored.state().diverged().stream()
                        .map(found -> found.advice(stored.state().index(), "pgsync backfill")))
                .toList();
        return nothingLeft
                .after(new NothingLeftException(advice))
                // The generation does not matter, because nothing is written; there is no next one after the last.
                .thenReturn(new Claim(
                        Math.min(next(states), ReadVersions.LAST_GENERATION), List.of(), Map.of(), Map.of(), owned));
    }

    private static long next(List<StoredState> states) {
        return 1
                + states.stream()
                        .mapToLong(stored -> stored.state().generation())
                        .max()
                        .orElse(0);
    }

    private static Mono<Void> ending(Optional<Divergence> found) {
        return found.<Mono<Void>>map(gap -> Mono.error(new GapException(gap))).orElse(Mono.empty());
    }

    private Mono<Claim> takeOver(List<StoredState> states, SourcePosition source, Optional<OwnedWorkLog> owned) {
        nothingLeft.isOver();
        if (states.stream().anyMatch(stored -> source.continues(stored.state().source()))) {
            listener.handedOn(source.identity(), source.confirmed());
        }
        long generation = owned.map(OwnedWorkLog::generation).orElseGet(() -> next(states));
        if (generation < next(states)) {
            return Mono.error(new StateConflictException(states.get(0).state().index()));
        }
        if (generation > ReadVersions.LAST_GENERATION) {
            return Mono.error(usedUp(states));
        }
        taken.set(generation);
        return Flux.fromIterable(states)
                .concatMap(stored -> owned(stored, generation, source))
                .collectMap(stored -> stored.state().index(), Function.identity())
                .flatMap(indexes -> sinks(treesOf(indexes.keySet()), generation)
                        .map(sinks -> new Claim(generation, treesOf(indexes.keySet()), indexes, sinks, owned)))
                // If one index cannot be taken over, the others are not held up: the next claim leaves it out.
                .onErrorResume(
                        DivergenceException.class,
                        found -> new DivergenceRecord(index.states(), generation)
                                .all(found.divergences())
                                .then(Mono.error(found)));
    }

    private Mono<StoredState> owned(StoredState stored, long generation, SourcePosition source) {
        SyncState known = stored.state();
        SyncState state =
                source.continues(known.source()) ? known.followedOn(source) : begun(known, source.confirmed());
        return index.ownership()
                .histories(state.index())
                .map(state.withGeneration(generation)::withHistories)
                .flatMap(next -> index.states().replace(stored, next));
    }

    /** A load that is to begin now needs no earlier change, and is not behind the slot from now on. */
    private static SyncState begun(SyncState state, Lsn begin) {
        return state.isUntouched() && begin.isAfter(state.stored()) ? state.withStored(begin, state.storedAt()) : state;
    }

    private static SyncException usedUp(List<StoredState> states) {
        return new SyncException(
                Remedy.STOP,
                "The versions that the search engine allows are used up in %s: every start takes some, and so do documents that somebody else wrote with a greater version. Delete these indexes and run \"pgsync bootstrap\", which creates and loads them again."
                        .formatted(states.stream()
                                .map(stored -> "\"" + stored.state().index() + "\"")
                                .collect(Collectors.joining(", "))));
    }

    private List<DocumentTree> treesOf(Set<String> indexes) {
        return trees.stream().filter(tree -> indexes.contains(tree.index())).toList();
    }

    private Mono<Map<String, DocumentSink>> sinks(List<DocumentTree> owned, long generation) {
        return Flux.fromIterable(owned)
                .concatMap(
                        tree -> index.ownership().takeOver(tree, generation).map(sink -> Map.entry(tree.index(), sink)))
                .collectList()
                .map(entries -> entries.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }
}
