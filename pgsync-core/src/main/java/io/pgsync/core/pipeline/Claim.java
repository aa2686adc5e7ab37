package io.pgsync.core.pipeline;

import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.handover.OwnedWorkLog;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.tree.DocumentTree;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/**
 * The right to write: all indexes of one source, owned by this process as one generation.
 *
 * @param log in which the roots wait, if they do not in memory; to be closed
 */
record Claim(
        long generation,
        List<DocumentTree> trees,
        Map<String, StoredState> states,
        Map<String, DocumentSink> sinks,
        Optional<OwnedWorkLog> log) {
    Claim {
        trees = List.copyOf(trees);
        states = Map.copyOf(states);
        sinks = Map.copyOf(sinks);
    }

    /** Without a log. */
    Claim(long generation, List<DocumentTree> trees, Map<String, StoredState> states, Map<String, DocumentSink> sinks) {
        this(generation, trees, states, sinks, Optional.empty());
    }

    DocumentTree tree(String index) {
        return trees.stream()
                .filter(tree -> tree.index().equals(index))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No document for index " + index));
    }

    SyncState state(String index) {
        return Objects.requireNonNull(states.get(index), index).state();
    }

    /** Opens the log for this generation. */
    Mono<Void> begin() {
        boolean anew = states.values().stream()
                .allMatch(stored -> stored.state().backfill().isFromTheBeginning());
        return log.map(owned -> owned.begin(anew)).orElseGet(Mono::empty);
    }

    /** Lets go of the log. */
    Mono<Void> close() {
        return log.map(OwnedWorkLog::close).orElseGet(Mono::empty);
    }

    Map<String, DocumentIds> ids() {
        return trees.stream().collect(Collectors.toMap(DocumentTree::index, DocumentIds::of));
    }
}
