package io.pgsync.core.pipeline;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.tree.DocumentTree;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Documents that a test gives; {@code read} gets no roots for a range of keys. There is nothing to load.
 * {@code required} is told when reads must show the present.
 */
record GivenDocuments(Function<List<RootKey>, List<? extends DocumentChange>> read, Runnable required)
        implements DocumentReader {
    GivenDocuments(Function<List<RootKey>, List<? extends DocumentChange>> read) {
        this(read, () -> {});
    }

    @Override
    public Mono<Void> requirePresent() {
        return Mono.fromRunnable(required);
    }

    @Override
    public Flux<DocumentChange> read(DocumentTree tree, List<RootKey> roots) {
        return Flux.fromIterable(read.apply(roots));
    }

    @Override
    public Flux<DocumentChange> read(DocumentTree tree, KeyRange range) {
        return read(tree, List.of());
    }

    @Override
    public Flux<KeyRange> ranges(DocumentTree tree, Optional<List<String>> after, int size) {
        return Flux.empty();
    }

    @Override
    public Flux<List<RootKey>> matching(DocumentTree tree, String condition, Optional<List<String>> after, int size) {
        return Flux.empty();
    }

    @Override
    public Mono<Long> estimatedRoots(DocumentTree tree) {
        return Mono.empty();
    }
}
