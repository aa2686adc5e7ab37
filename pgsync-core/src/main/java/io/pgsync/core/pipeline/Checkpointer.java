package io.pgsync.core.pipeline;

import io.pgsync.core.affected.RefusedRoots;
import io.pgsync.core.catalog.Definitions;
import io.pgsync.core.change.ChangeSource;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.BackfillRequestedException;
import io.pgsync.core.checkpoint.InOrderAcknowledger;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.handover.LogPosition;
import io.pgsync.core.handover.OwnedWorkLog;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Records what is stored, then confirms it to the source: the state of every index first, the slot second, so that a
 * slot ahead of its states always means a gap. It alone writes the states; stream and loads only note their progress.
 *
 * <p>With a log of work, the log's record comes first and the slot second; the states follow, as far as documents are stored. So the source is
 * free while the engine is away, and a slot ahead of both means a gap.
 */
final class Checkpointer {
    private final InOrderAcknowledger stream;
    private final CommitTimes times;
    private final RefusedRoots refused;
    private final Function<String, Optional<Definitions>> definitions;
    private final SyncStateStore store;
    private final ChangeSource source;
    private final PipelineListener listener;
    private final Map<String, DocumentIds> ids;
    private final Map<String, StoredState> states;
    private final Map<String, BackfillProgress> backfills = new ConcurrentHashMap<>();
    private final Map<String, Diverged> diverged = new ConcurrentHashMap<>();
    private final Map<String, RefusedIds> refusedIds = new ConcurrentHashMap<>();
    private final Optional<OwnedWorkLog> log;
    private final Queue<MonoSink<Void>> waiting = new ConcurrentLinkedQueue<>();
    private volatile Lsn acknowledged;

    Checkpointer(
            Claim claim,
            InOrderAcknowledger stream,
            CommitTimes times,
            RefusedRoots refused,
            Function<String, Optional<Definitions>> definitions,
            SyncStateStore store,
            ChangeSource source,
            PipelineListener listener) {
        this.stream = stream;
        this.times = times;
        this.refused = refused;
        this.definitions = definitions;
        this.store = store;
        this.source = source;
        this.listener = listener;
        this.ids = claim.ids();
        this.log = claim.log();
        this.states = new ConcurrentHashMap<>(claim.states());
        this.acknowledged = source.position().confirmed();
        claim.states()
                .forEach((index, stored) -> backfills.put(index, stored.state().backfill()));
    }

    BackfillProgress backfill(String index) {
        return Objects.requireNonNull(backfills.get(index));
    }

    void noteBackfill(String index, BackfillProgress progress) {
        backfills.put(index, progress);
        listener.loaded(index, progress);
    }

    /** Notes a divergence for the states, with which the run goes on. */
    void noteDivergence(Divergence found) {
        var now = Diverged.at(stream.stored(), found.kind(), found.what());
        diverged.merge(found.index(), now, Diverged::and);
        SyncState known = Objects.requireNonNull(states.get(found.index())).state();
        listener.diverged(found.index(), withDiverged(known).diverged());
    }

    /** Completes after the next checkpoint that has recorded everything that was refused before the subscription. */
    Mono<Void> recorded() {
        return Mono.create(waiting::add);
    }

    /**
     * Records what is stored now, and confirms it unless a log does that; gives the position if it moved. Must not run twice at the same
     * time.
     */
    Mono<Lsn> checkpoint() {
        return Mono.defer(() -> log.map(owned -> recordStates(owned.stored())
                        // While the engine is away the log goes on, and the states wait.
                        .onErrorResume(Checkpointer::isAway, away -> Mono.empty())
                        .then(Mono.<Lsn>empty()))
                .orElseGet(this::recordAndConfirm));
    }

    private Mono<Lsn> recordAndConfirm() {
        // Read before the refused roots: every root of a change up to this position is then stored or among them.
        Lsn stored = stream.stored();
        boolean moved = stored.isAfter(acknowledged);
        Lsn position = moved ? stored : acknowledged;
        return recordStates(position).then(Mono.defer(() -> moved ? confirm(position) : Mono.empty()));
    }

    /**
     * Confirms what a log has; does not wait for the engine, so it is apart from {@link #checkpoint}. Gives the position if it moved; nothing
     * without a log. Must not run twice at the same time.
     */
    Mono<Lsn> confirmLogged() {
        return Mono.justOrEmpty(log).flatMap(owned -> {
            Lsn handed = stream.stored();
            boolean moved = handed.isAfter(acknowledged);
            Lsn position = moved ? handed : acknowledged;
            return owned.record(new LogPosition(position, leastRecorded()))
                    .then(Mono.defer(() -> moved ? confirm(position) : Mono.empty()));
        });
    }

    static boolean isAway(Throwable failure) {
        return Remedy.passes(failure) && !Synchronizer.isStartOver(failure);
    }

    /** What the states of all indexes have. */
    private Lsn leastRecorded() {
        return states.values().stream()
                .map(state -> state.state().stored())
                .min(Comparator.naturalOrder())
                .orElse(acknowledged);
    }

    private Mono<Void> recordStates(Lsn stored) {
        var before = List.copyOf(waiting);
        return Flux.fromIterable(List.copyOf(states.values()))
                .concatMap(state -> record(state, stored))
                .then(Mono.fromRunnable(() -> {
                    waiting.removeAll(before);
                    before.forEach(MonoSink::success);
                }));
    }

    private Mono<Void> record(StoredState current, Lsn stored) {
        SyncState state = current.state();
        BackfillProgress backfill = backfill(state.index());
        Lsn position = stored.isAfter(state.stored()) ? stored : state.stored();
        SyncState next = state.withStored(position, times.upTo(position).or(state::storedAt))
                .withBackfill(backfill)
                .withRefused(refusedIds(state.index()));
        SyncState known =
                definitions.apply(state.index()).map(next::withDefinitions).orElse(next);
        SyncState told = withDiverged(known);
        if (told.equals(state)) {
            return Mono.empty();
        }
        return store.replace(current, told)
                .onErrorResume(StateConflictException.class, conflict -> requestOr(conflict, List.of(state, told)))
                .doOnNext(written -> states.put(state.index(), written))
                .then();
    }

    /**
     * No other process owns the index in this generation, so the conflict is a request for another load: in the state
     * that we had, or in the one that we wrote if the answer to that write was lost.
     */
    private Mono<StoredState> requestOr(StateConflictException conflict, List<SyncState> ours) {
        String index = ours.get(0).index();
        return store.load(index)
                .map(found -> found.map(StoredState::state)
                        .filter(theirs -> ours.stream().anyMatch(theirs::isRequestOver))
                        .isPresent())
                .flatMap(requested -> Mono.error(requested ? new BackfillRequestedException(index) : conflict));
    }

    private SyncState withDiverged(SyncState state) {
        Diverged now = diverged.get(state.index());
        return now == null
                ? state
                : state.withDiverged(
                        state.diverged().map(known -> known.and(now)).orElse(now));
    }

    /** The ids of refused documents at one revision, kept because there may be very many and they seldom change. */
    private record RefusedIds(long revision, List<String> ids) {}

    private List<String> refusedIds(String index) {
        long revision = refused.revision(index);
        return Objects.requireNonNull(refusedIds.compute(
                        index,
                        (name, known) -> known != null && known.revision() == revision
                                ? known
                                : new RefusedIds(revision, sortedIds(name))))
                .ids();
    }

    private List<String> sortedIds(String index) {
        DocumentIds of = Objects.requireNonNull(ids.get(index));
        return refused.of(index).stream()
                .map(root -> of.idOf(root.key()))
                .sorted()
                .toList();
    }

    private Mono<Lsn> confirm(Lsn position) {
        return source.acknowledge(position).then(Mono.fromSupplier(() -> {
            acknowledged = position;
            listener.acknowledged(position);
            return position;
        }));
    }
}
