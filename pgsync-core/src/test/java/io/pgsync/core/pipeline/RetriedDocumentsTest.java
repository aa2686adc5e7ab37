package io.pgsync.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.document.SourceViews;
import io.pgsync.core.refusal.Refusal;
import io.pgsync.core.refusal.RefusalsInMemory;
import io.pgsync.core.refusal.RetryOrder;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.sink.IndexOwnership;
import io.pgsync.core.sink.WriteBatch;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.core.sink.WriteOutcome.Refused;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.SchemaWatch;
import io.pgsync.core.tree.Tables;
import io.pgsync.core.tree.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A run that finds an order to try refused documents again. */
class RetriedDocumentsTest {
    private static final DocumentTree TREE = Trees.nodes("{'table': 't'}", Tables.table("t", "id int4 pk"));
    private static final Refusal EARLIER =
            new Refusal("7", 400, "bad", "no", Optional.empty(), Instant.EPOCH, Instant.EPOCH, 1);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final States states = new States();
    private final RefusalsInMemory refusals = new RefusalsInMemory();
    private final Sinks.Empty<Void> stop = Sinks.empty();
    private boolean isMended = true;

    RetriedDocumentsTest() {
        states.put(new SyncState(
                "shop", "uuid", States.IDENTITY, 1, "f", BackfillProgress.DONE, new Lsn(10), List.of("7")));
        refusals.put("shop", List.of(EARLIER));
        refusals.put("shop", RetryOrder.ALL);
        refusals.written = states.written;
    }

    @AfterEach
    void close() {
        time.dispose();
    }

    /** Whoever waits for the end of the order reads in the state what became of it. */
    @Test
    void theStateIsWrittenBeforeTheOrderEnds() {
        run();

        assertThat(states.get("shop").refused()).isEmpty();
        assertThat(states.written)
                .containsSubsequence("records shop []", "state shop 0/A", "order shop []")
                .endsWith("order shop []");
    }

    @Test
    void whatIsRefusedAgainStaysWithItsRecord() {
        isMended = false;

        run();

        assertThat(states.get("shop").refused()).containsExactly("7");
        assertThat(refusals.recorded("shop"))
                .singleElement()
                .satisfies(record -> assertThat(record.times()).isEqualTo(2));
        assertThat(refusals.ordered("shop").isNone()).isTrue();
    }

    /** The end comes before the pause after the last write is over. */
    @Test
    void theLastRecordsAreWrittenAtTheEnd() {
        isMended = false;
        refusals.put("shop", List.of());
        run(Duration.ofMillis(1));

        stop.tryEmitEmpty();
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(refusals.recorded("shop")).hasSize(1);
    }

    private void run() {
        run(Duration.ofSeconds(5));
    }

    private void run(Duration passing) {
        new Synchronizer(
                        List.of(TREE),
                        new SourcePorts(
                                Mono.fromSupplier(() -> states.source(10, Flux.never())),
                                xids -> Mono.empty(),
                                SourceViews.NONE,
                                null,
                                new OneDocument(),
                                SchemaWatch.NONE),
                        new IndexPorts(new Owned(), null, states, (index, version, refused) -> Mono.empty(), refusals),
                        new PipelineContext(PipelineSettings.DEFAULT, PipelineListener.NONE, time))
                .run(stop.asMono())
                .subscribe();
        time.advanceTimeBy(passing);
    }

    private Mono<WriteOutcome> outcome(WriteBatch batch) {
        return Mono.fromSupplier(() -> isMended
                ? new WriteOutcome(1, 0, List.of())
                : new WriteOutcome(0, 0, List.of(new Refused(batch.changes().get(0), 400, "bad", "no"))));
    }

    private final class Owned implements IndexOwnership {
        @Override
        public Mono<String> indexUuid(String index) {
            return Mono.just("uuid");
        }

        @Override
        public Mono<DocumentSink> takeOver(DocumentTree tree, long generation) {
            return Mono.just(RetriedDocumentsTest.this::outcome);
        }
    }

    private static final class OneDocument implements DocumentReader {
        @Override
        public Flux<DocumentChange> read(DocumentTree tree, List<RootKey> roots) {
            return Flux.fromIterable(roots)
                    .map(root -> new Upsert(root, root.key().get(0), Optional.empty(), new byte[] {'{', '}'}));
        }

        @Override
        public Flux<DocumentChange> read(DocumentTree tree, KeyRange range) {
            return Flux.empty();
        }

        @Override
        public Flux<KeyRange> ranges(DocumentTree tree, Optional<List<String>> after, int size) {
            return Flux.empty();
        }

        @Override
        public Flux<List<RootKey>> matching(
                DocumentTree tree, String condition, Optional<List<String>> after, int size) {
            return Flux.empty();
        }

        @Override
        public Mono<Long> estimatedRoots(DocumentTree tree) {
            return Mono.empty();
        }
    }
}
