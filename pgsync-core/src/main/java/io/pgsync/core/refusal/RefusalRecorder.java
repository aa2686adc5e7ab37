package io.pgsync.core.refusal;

import io.pgsync.core.affected.RefusedRoots;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.sink.DeadLetters;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.core.sink.WriteOutcome.Refused;
import io.pgsync.core.version.Versions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * Everything that is done about refused documents: they are remembered for searches, recorded as dead letters, described
 * beside the state, and too many of them set their index aside.
 */
public final class RefusalRecorder {
    /** On average; so the records of a few documents are written at once, and those of very many every four seconds. */
    private static final long CHARACTERS_PER_MILLISECOND = 64;

    private static final int MOST_CONFLICTS = 3;

    private final DeadLetters deadLetters;
    private final RefusalStore store;
    private final RefusedRoots refused;
    private final Scheduler clock;
    private final Map<String, OfIndex> indexes;

    /** {@code ids}: those of each index; {@code clock}: the time of the records. */
    public RefusalRecorder(
            DeadLetters deadLetters,
            RefusalStore store,
            RefusedRoots refused,
            RefusedLimit limit,
            Map<String, DocumentIds> ids,
            Scheduler clock) {
        this.deadLetters = deadLetters;
        this.store = store;
        this.refused = refused;
        this.clock = clock;
        this.indexes = ids.entrySet().stream()
                .map(entry -> new OfIndex(
                        entry.getKey(),
                        new IndexRefusals(entry.getKey(), entry.getValue(), refused::contains),
                        new RefusedShare(limit),
                        new AtomicLong()))
                .collect(Collectors.toMap(OfIndex::name, Function.identity()));
    }

    /** {@code due}: when its records may be written again, in milliseconds. */
    private record OfIndex(String name, IndexRefusals records, RefusedShare share, AtomicLong due) {}

    /** Reads what is recorded already; must end before anything is refused. */
    public Mono<Void> begin() {
        return Flux.fromIterable(indexes.values()).concatMap(this::read).then();
    }

    private Mono<Void> read(OfIndex index) {
        return store.refusals(index.name()).doOnNext(index.records()::read).then();
    }

    /**
     * Takes note of a batch: {@code versions} are those of its changes, {@code changes} are all its changes. Completes when
     * what was refused is recorded; fails with a {@link DivergenceException} if too many documents are.
     */
    public Mono<Void> settle(String index, Versions versions, List<DocumentChange> changes, WriteOutcome outcome) {
        OfIndex of = Objects.requireNonNull(indexes.get(index));
        Optional<String> tooMany = excessOf(of.share(), changes, outcome);
        // Added before others are removed: a root that is refused again must not be missing in between.
        outcome.refused().forEach(refusal -> add(refusal.change(), versions));
        changes.forEach(change -> refused.remove(change.root(), versions.of(change.id())));
        if (outcome.refused().isEmpty()) {
            return Mono.empty();
        }
        note(of, outcome);
        return deadLetters
                .record(index, versions, outcome.refused())
                .then(Mono.defer(
                        () -> excess(of, tooMany, outcome).map(this::stop).orElseGet(Mono::empty)));
    }

    private void add(DocumentChange change, Versions versions) {
        refused.add(change.root(), versions.of(change.id()));
    }

    /**
     * A document that was refused before does not count: a bad row that changes a thousand times is one bad row. Rows
     * without a key do not either, because nobody can tell how many they are.
     */
    private Optional<String> excessOf(RefusedShare share, List<DocumentChange> changes, WriteOutcome outcome) {
        Set<String> refusedIds =
                outcome.refused().stream().map(refusal -> refusal.change().id()).collect(Collectors.toSet());
        Optional<String> excess = Optional.empty();
        for (DocumentChange change : changes) {
            boolean isRefused = refusedIds.contains(change.id());
            boolean counts = !(change instanceof Delete) && change.root().canHaveDocument();
            if (counts && !(isRefused && refused.contains(change.root()))) {
                Optional<String> now = share.excessWith(isRefused);
                excess = now.isPresent() ? now : excess;
            }
        }
        return excess;
    }

    private void note(OfIndex index, WriteOutcome outcome) {
        Instant now = Instant.ofEpochMilli(clock.now(TimeUnit.MILLISECONDS));
        outcome.refused().stream()
                .filter(refusal -> refusal.change().root().canHaveDocument())
                .forEach(refusal -> index.records().note(refusal, now));
    }

    private Optional<Divergence> excess(OfIndex index, Optional<String> tooMany, WriteOutcome outcome) {
        if (tooMany.isPresent()) {
            return Optional.of(new Divergence(
                    Kind.MOSTLY_REFUSED, index.name(), tooMany.get() + "; the last one for " + cause(last(outcome))));
        }
        // Each of them is part of every search, so with too many of them the index cannot be kept in step.
        return refused.count(index.name()) <= RefusedRoots.MOST
                ? Optional.empty()
                : Optional.of(new Divergence(
                        Kind.MOSTLY_REFUSED,
                        index.name(),
                        "more than %,d of its documents are refused".formatted(RefusedRoots.MOST)));
    }

    private static Refused last(WriteOutcome outcome) {
        return outcome.refused().get(outcome.refused().size() - 1);
    }

    /** Without the reason, which may quote values: more people may read the log. */
    private static String cause(Refused refusal) {
        return refusal.type()
                + RefusedPath.of(refusal).map(" at \"%s\""::formatted).orElse("");
    }

    /** First the records, so that a person finds the reasons of what ended the run. */
    private Mono<Void> stop(Divergence found) {
        return write(Objects.requireNonNull(indexes.get(found.index())))
                .onErrorComplete()
                .then(Mono.error(() -> new DivergenceException(List.of(found))));
    }

    /** Writes the records that have changed, unless much was written just before. */
    public Mono<Void> write() {
        return Flux.fromIterable(indexes.values())
                .filter(index -> clock.now(TimeUnit.MILLISECONDS) >= index.due().get())
                .concatMap(this::write)
                .then();
    }

    /** Writes all records that have changed, at the end of a run. */
    public Mono<Void> writeRest() {
        return Flux.fromIterable(indexes.values()).concatMap(this::write).then();
    }

    private Mono<Void> write(OfIndex index) {
        return Mono.defer(() -> index.records()
                        .draft()
                        .map(draft -> write(index, draft))
                        .orElseGet(Mono::empty))
                .onErrorResume(
                        StateConflictException.class, conflict -> read(index).then(Mono.error(conflict)))
                .retryWhen(Retry.max(MOST_CONFLICTS)
                        .filter(StateConflictException.class::isInstance)
                        .onRetryExhaustedThrow((retry, signal) -> signal.failure()))
                // The next write tries again; no state depends on it.
                .onErrorComplete(StateConflictException.class);
    }

    private Mono<Void> write(OfIndex index, IndexRefusals.Draft draft) {
        return store.replaceRefusals(index.name(), draft.expected(), draft.records())
                .doOnNext(now -> {
                    index.records().stored(draft, now);
                    index.due()
                            .set(clock.now(TimeUnit.MILLISECONDS)
                                    + index.records().size() / CHARACTERS_PER_MILLISECOND);
                })
                .then();
    }
}
