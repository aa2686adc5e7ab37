package io.pgsync.core.pipeline;

import io.pgsync.core.affected.RefusedRoots;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.schema.DocumentTree;
import io.pgsync.core.sink.DeadLetters;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.sink.WriteBatch;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.core.version.ReadVersions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads documents and stores what was read, as one unit with one version. */
final class DocumentWriter {
    private final DocumentReader reader;
    private final Map<String, DocumentSink> sinks;
    private final DeadLetters deadLetters;
    private final ReadVersions reads;
    private final RefusedRoots refused;
    private final PipelineSettings.Batch settings;
    private final PipelineListener listener;

    DocumentWriter(
            DocumentReader reader,
            Map<String, DocumentSink> sinks,
            DeadLetters deadLetters,
            ReadVersions reads,
            RefusedRoots refused,
            PipelineSettings.Batch settings,
            PipelineListener listener) {
        this.reader = reader;
        this.sinks = Map.copyOf(sinks);
        this.deadLetters = deadLetters;
        this.reads = reads;
        this.refused = refused;
        this.settings = settings;
        this.listener = listener;
    }

    /** Completes when every root of the batch is stored, or recorded as refused. */
    Mono<Void> write(DocumentTree tree, RootBatch batch) {
        return write(tree, documents -> documents.read(tree, batch.keys())).then(Mono.fromRunnable(batch::stored));
    }

    /** Stores what {@code read} finds; gives the number of its changes when all are stored or recorded as refused. */
    Mono<Long> write(DocumentTree tree, Function<DocumentReader, Flux<DocumentChange>> read) {
        return reads.during(version -> bySize(read.apply(reader))
                        // One request after another: together they are one unit, and the next needs the memory of this
                        // one.
                        .concatMap(changes -> store(tree.index(), version, changes), 1))
                .reduce(0L, Long::sum);
    }

    private Flux<List<DocumentChange>> bySize(Flux<DocumentChange> changes) {
        return Flux.defer(() -> changes.bufferUntil(new FullBatch()::add));
    }

    /** Says when the changes since the last full batch make the next one. */
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

    private Mono<Long> store(String index, long version, List<DocumentChange> changes) {
        List<Failed> failed = changes.stream()
                .filter(Failed.class::isInstance)
                .map(Failed.class::cast)
                .toList();
        return send(index, version, writable(changes))
                .map(outcome -> outcome.withFailed(failed))
                .flatMap(outcome ->
                        recordRefused(index, version, changes, outcome).thenReturn(outcome))
                .doOnNext(outcome -> listener.written(index, outcome))
                .thenReturn((long) changes.size());
    }

    private static List<DocumentChange> writable(List<DocumentChange> changes) {
        return changes.stream().filter(change -> !(change instanceof Failed)).toList();
    }

    private Mono<WriteOutcome> send(String index, long version, List<DocumentChange> changes) {
        return changes.isEmpty()
                ? Mono.just(new WriteOutcome(0, 0, List.of()))
                : Objects.requireNonNull(sinks.get(index)).write(new WriteBatch(index, version, changes));
    }

    private Mono<Void> recordRefused(String index, long version, List<DocumentChange> changes, WriteOutcome outcome) {
        // Added before others are removed: one that is refused again must not be missing in between.
        outcome.rejected().forEach(rejected -> refused.add(rejected.change().root(), version));
        changes.forEach(change -> refused.remove(change.root(), version));
        return outcome.rejected().isEmpty()
                ? Mono.empty()
                : deadLetters.record(index, version, outcome.rejected()).then(unlessTooMany(index));
    }

    /** Each of them takes part in every search, so with very many the index cannot be kept in step any more. */
    private Mono<Void> unlessTooMany(String index) {
        return Mono.defer(() -> refused.count(index) <= RefusedRoots.MOST
                ? Mono.empty()
                : Mono.error(new DivergenceException(List.of(new Divergence(
                        Kind.SCHEMA_DRIFT,
                        index,
                        "more than %,d of its documents are refused".formatted(RefusedRoots.MOST))))));
    }
}
