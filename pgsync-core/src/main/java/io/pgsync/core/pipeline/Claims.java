package io.pgsync.core.pipeline;

import io.pgsync.core.affected.RefusedRoots;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.schema.DocumentTree;
import io.pgsync.core.sink.DocumentSink;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Makes this process the one writer: checks that what the states say fits the source, takes the next generation by compare-and-set, then
 * fences every older writer off. Done anew for each run, so whatever an earlier run left under way is drained.
 */
final class Claims {
    /** Older than every version of this run, so whatever it stores of such a root counts. */
    private static final long REFUSED_BEFORE = 0;

    private static final int MOST_LEFTOVERS = 3;

    private final List<DocumentTree> trees;
    private final IndexPorts index;

    Claims(Collection<DocumentTree> trees, IndexPorts index) {
        this.trees = List.copyOf(trees);
        this.index = index;
    }

    Mono<Claim> claim(SourcePosition source) {
        return Flux.fromIterable(trees)
                .concatMap(tree -> checkedState(tree, source))
                .collectList()
                .flatMap(this::takeOver)
                .retryWhen(afterConflict());
    }

    /** The slot is ours alone, so the write that came between was the last of a process that is gone: what it left is loaded anew. */
    private static Retry afterConflict() {
        return Retry.max(MOST_LEFTOVERS)
                .filter(StateConflictException.class::isInstance)
                .onRetryExhaustedThrow((retry, signal) -> signal.failure());
    }

    /** The roots that the claimed indexes refused before; they go on taking part in searches. */
    static RefusedRoots refusedRoots(Claim claim) {
        var refused = new RefusedRoots();
        for (DocumentTree tree : claim.trees()) {
            DocumentIds ids = DocumentIds.of(tree);
            claim.state(tree.index()).refused().stream()
                    .flatMap(id -> ids.keysOf(id).stream())
                    .forEach(key -> refused.add(new RootKey(tree.index(), key), REFUSED_BEFORE));
        }
        return refused;
    }

    private Mono<StoredState> checkedState(DocumentTree tree, SourcePosition source) {
        return index.states()
                .load(tree.index())
                .flatMap(stored -> stored.map(Mono::just)
                        .orElseGet(() -> Mono.error(new GapException(
                                tree.index(),
                                "nothing is known of its state; any of its documents may be out of date."))))
                .doOnNext(stored -> check(stored.state(), source))
                .flatMap(stored -> checkIndex(stored).thenReturn(stored));
    }

    private static void check(SyncState state, SourcePosition source) {
        if (!state.source().equals(source.identity())) {
            throw new GapException(
                    state.index(),
                    "it was loaded from %s, but the source is %s; every change since %s may be missing, and what was undone by it."
                            .formatted(state.source(), source.identity(), state.stored()));
        }
        state.gap().ifPresent(gap -> {
            throw new GapException(state.index(), gap + ".");
        });
        if (source.confirmed().isAfter(state.stored())) {
            throw new GapException(
                    state.index(),
                    "changes from %s to %s were confirmed to the slot \"%s\", but not stored here; they may be missing."
                            .formatted(
                                    state.stored(),
                                    source.confirmed(),
                                    source.identity().slot()));
        }
    }

    private Mono<Void> checkIndex(StoredState stored) {
        String name = stored.state().index();
        return index.ownership()
                .indexUuid(name)
                .switchIfEmpty(Mono.error(
                        () -> new GapException(name, "it does not exist any more: all of its documents are missing.")))
                .filter(stored.state().indexUuid()::equals)
                .switchIfEmpty(Mono.error(() -> new GapException(
                        name, "it was deleted and created again: every document stored before may be missing.")))
                .then();
    }

    private Mono<Claim> takeOver(List<StoredState> states) {
        long generation =
                1 + states.stream().mapToLong(s -> s.state().generation()).max().orElse(0);
        return Flux.fromIterable(states)
                .concatMap(
                        stored -> index.states().replace(stored, stored.state().withGeneration(generation)))
                .collectMap(stored -> stored.state().index(), Function.identity())
                .flatMap(owned -> sinks(generation).map(sinks -> new Claim(generation, trees, owned, sinks)));
    }

    private Mono<Map<String, DocumentSink>> sinks(long generation) {
        return Flux.fromIterable(trees)
                .concatMap(
                        tree -> index.ownership().takeOver(tree, generation).map(sink -> Map.entry(tree.index(), sink)))
                .collectList()
                .map(entries -> entries.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }
}
