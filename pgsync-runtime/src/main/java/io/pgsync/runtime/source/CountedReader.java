package io.pgsync.runtime.source;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.tree.DocumentTree;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Counts each document as it is read. */
record CountedReader(DocumentReader reader, LongAdder read) implements DocumentReader {
    @Override
    public Flux<DocumentChange> read(DocumentTree tree, List<RootKey> roots) {
        return reader.read(tree, roots).doOnNext(change -> read.increment());
    }

    @Override
    public Flux<DocumentChange> read(DocumentTree tree, KeyRange range) {
        return reader.read(tree, range).doOnNext(change -> read.increment());
    }

    @Override
    public Flux<KeyRange> ranges(DocumentTree tree, Optional<List<String>> after, int size) {
        return reader.ranges(tree, after, size);
    }

    @Override
    public Flux<List<RootKey>> matching(DocumentTree tree, String condition, Optional<List<String>> after, int size) {
        return reader.matching(tree, condition, after, size);
    }

    @Override
    public Mono<Long> estimatedRoots(DocumentTree tree) {
        return reader.estimatedRoots(tree);
    }

    @Override
    public void require(SourceIdentity source, Lsn position) {
        reader.require(source, position);
    }

    @Override
    public Mono<Void> requirePresent() {
        return reader.requirePresent();
    }
}
