package io.pgsync.core.pipeline;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.handover.RootBatch;
import io.pgsync.core.refusal.RefusalRecorder;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.sink.WriteBatch;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.version.Reach;
import io.pgsync.core.version.ReadVersions;
import io.pgsync.core.version.Versions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads documents and stores them, as one unit with one version.
 *
 * <p>A version protects a document as long as the newer write leaves a trace. The engine keeps the trace of a delete
 * only for a while: not after a restart, a move of the shard, or {@code index.gc_deletes}. So a delete is sent only
 * when nothing older of its document is under way; then there is nothing left from which it must be protected.
 */
final class DocumentWriter {
    private final DocumentReader reader;
    private final Map<String, DocumentSink> sinks;
    private final RefusalRecorder refusals;
    private final ReadVersions reads;
    private final PipelineSettings.Batch settings;
    private final PipelineListener listener;

    DocumentWriter(
            DocumentReader reader,
            Map<String, DocumentSink> sinks,
            RefusalRecorder refusals,
            ReadVersions reads,
            PipelineSettings.Batch settings,
            PipelineListener listener) {
        this.reader = reader;
        this.sinks = Map.copyOf(sinks);
        this.refusals = refusals;
        this.reads = reads;
        this.settings = settings;
        this.listener = listener;
    }

    /** Completes when every root of the batch is stored or recorded as refused. */
    Mono<Void> write(DocumentTree tree, RootBatch batch) {
        return write(tree, batch.keys()).then(Mono.fromRunnable(batch::stored));
    }

    /**
     * The same for a batch of a log, whose roots have their versions. Among the writes of this process it has its place by the time of its
     * read, like all others.
     */
    Mono<Settled> writeLogged(DocumentTree tree, RootBatch batch) {
        List<RootKey> roots = batch.keys();
        Versions versions = batch.versions(DocumentIds.of(tree));
        return write(tree, reachOf(tree, roots), read -> versions, () -> reader.read(tree, roots));
    }

    /** How many documents are settled, and how many of them were refused and recorded instead of stored. */
    record Settled(long documents, long refused) {
        static final Settled NONE = new Settled(0, 0);

        private Settled and(Settled more) {
            return new Settled(documents + more.documents, refused + more.refused);
        }
    }

    /** Stores the documents of these roots; completes when all are stored or recorded as refused. */
    Mono<Settled> write(DocumentTree tree, List<RootKey> roots) {
        return write(tree, reachOf(tree, roots), () -> reader.read(tree, roots));
    }

    /** The same for the roots of a range. */
    Mono<Settled> write(DocumentTree tree, KeyRange range) {
        return write(tree, Reach.wholeOf(tree.index()), () -> reader.read(tree, range));
    }

    /** Deletes the documents of those of {@code roots} that are gone. */
    Mono<Settled> remove(DocumentTree tree, List<RootKey> roots) {
        return write(tree, reachOf(tree, roots), () -> reader.read(tree, roots).filter(Delete.class::isInstance));
    }

    /** Deletes documents with ids that no root has. */
    Mono<Settled> removeStrays(DocumentTree tree, List<String> ids) {
        return write(
                tree,
                Reach.of(tree.index(), Set.copyOf(ids)),
                () -> Flux.fromIterable(ids).map(id -> new Delete(RootKey.unreadable(tree.index(), List.of(id)), id)));
    }

    private static Reach reachOf(DocumentTree tree, List<RootKey> roots) {
        DocumentIds ids = DocumentIds.of(tree);
        return Reach.of(
                tree.index(),
                roots.stream()
                        .filter(RootKey::canHaveDocument)
                        .map(root -> ids.idOf(root.key()))
                        .collect(Collectors.toSet()));
    }

    private Mono<Settled> write(DocumentTree tree, Reach reach, Supplier<Flux<DocumentChange>> read) {
        return write(tree, reach, Versions::same, read);
    }

    /** {@code versions}: those of the documents of a read, by the read's own. */
    private Mono<Settled> write(
            DocumentTree tree, Reach reach, LongFunction<Versions> versions, Supplier<Flux<DocumentChange>> read) {
        return reads.during(
                        reach,
                        version -> bySize(read.get())
                                // One request after the other: together they are one unit, and the next needs the
                                // memory of this one.
                                .concatMap(
                                        changes -> nothingOlderOf(removals(tree, changes), tree.index(), version)
                                                .then(Mono.defer(
                                                        () -> store(tree.index(), versions.apply(version), changes))),
                                        1))
                .reduce(Settled.NONE, Settled::and);
    }

    private Flux<List<DocumentChange>> bySize(Flux<DocumentChange> changes) {
        return Flux.defer(() -> changes.bufferUntil(new FullBatch()::add));
    }

    /** True for the change that completes a full batch. */
    private final class FullBatch {
        private long bytes;
        private int count;

        boolean add(DocumentChange change) {
            bytes += change.size();
            count++;
            boolean full = bytes >= settings.bytes() || count >= settings.roots();
            if (full) {
                bytes = 0;
                count = 0;
            }
            return full;
        }
    }

    private Mono<Void> nothingOlderOf(Set<String> removed, String index, long version) {
        return removed.isEmpty() ? Mono.empty() : reads.settledBefore(version, Reach.of(index, removed));
    }

    /**
     * The ids of which something is removed: with a routing, a write also removes copies of the document on other
     * shards.
     */
    private static Set<String> removals(DocumentTree tree, List<DocumentChange> changes) {
        boolean routed = tree.routing().isPresent();
        return changes.stream()
                .filter(change -> routed || change instanceof Delete)
                .map(DocumentChange::id)
                .collect(Collectors.toSet());
    }

    private Mono<Settled> store(String index, Versions versions, List<DocumentChange> changes) {
        List<Failed> failed = changes.stream()
                .filter(Failed.class::isInstance)
                .map(Failed.class::cast)
                .toList();
        return send(index, versions, writable(changes))
                .map(outcome -> outcome.withFailed(failed))
                .flatMap(outcome ->
                        refusals.settle(index, versions, changes, outcome).thenReturn(outcome))
                .doOnNext(outcome -> listener.written(index, outcome))
                .map(outcome -> new Settled(changes.size(), outcome.refused().size()));
    }

    private static List<DocumentChange> writable(List<DocumentChange> changes) {
        return changes.stream().filter(change -> !(change instanceof Failed)).toList();
    }

    private Mono<WriteOutcome> send(String index, Versions versions, List<DocumentChange> changes) {
        return changes.isEmpty()
                ? Mono.just(new WriteOutcome(0, 0, List.of()))
                : Objects.requireNonNull(sinks.get(index)).write(new WriteBatch(index, versions, changes));
    }
}
