package io.pgsync.core.pipeline;

import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.sink.IndexOwnership;
import io.pgsync.core.tree.DocumentTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Indexes as their states describe them, unless a test replaces, loses or withholds one. */
final class OwnedIndexes implements IndexOwnership {
    /** Of indexes that are not what their states say. */
    final Map<String, Mono<String>> uuids = new HashMap<>();

    final Map<String, Map<String, String>> histories = new HashMap<>();

    /** Index and generation of each taking-over. */
    final List<String> takenOver = new ArrayList<>();

    Mono<Void> takingOver = Mono.empty();
    DocumentSink sink = batch -> Mono.empty();

    @Override
    public Mono<String> indexUuid(String index) {
        return Mono.defer(() -> uuids.getOrDefault(index, Mono.just("uuid-" + index)));
    }

    @Override
    public Mono<Map<String, String>> histories(String index) {
        return Mono.fromSupplier(() -> histories.getOrDefault(index, Map.of()));
    }

    @Override
    public Mono<DocumentSink> takeOver(DocumentTree tree, long generation) {
        return takingOver.then(Mono.fromSupplier(() -> {
            takenOver.add(tree.index() + " as " + generation);
            return sink;
        }));
    }
}
