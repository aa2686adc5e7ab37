package io.pgsync.core.pipeline;

import static io.pgsync.core.schema.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.affected.RefusedRoots;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.schema.DocumentTree;
import io.pgsync.core.schema.Trees;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.core.sink.WriteOutcome.Rejected;
import io.pgsync.core.version.ReadVersions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class DocumentWriterTest {
    private static final DocumentTree TREE = Trees.nodes("{'table': 'book'}", table("book", "id int4 pk"));
    private static final Failed FAILED =
            new Failed(root("7"), "7", new byte[] {'{', '}'}, "plugin_failure", "plugin \"a\" failed");
    private static final Delete DELETE = new Delete(root("8"), "8");

    private final List<DocumentChange> sent = new ArrayList<>();
    private final List<Rejected> recorded = new ArrayList<>();
    private final RefusedRoots refused = new RefusedRoots();

    @Test
    void aDocumentThatAPluginFailedOnIsRecordedAndRememberedWhileTheOthersAreStored() {
        StepVerifier.create(write(FAILED, DELETE)).expectNext(2L).verifyComplete();

        assertThat(sent).containsExactly(DELETE);
        assertThat(recorded).containsExactly(new Rejected(FAILED, 0, "plugin_failure", "plugin \"a\" failed"));
        assertThat(refused.of("shop")).containsExactly(root("7"));
    }

    @Test
    void theEngineIsNotAskedWhenNothingIsLeft() {
        StepVerifier.create(write(FAILED)).expectNext(1L).verifyComplete();

        assertThat(sent).isEmpty();
        assertThat(recorded).hasSize(1);
    }

    @Test
    void aRootThatIsStoredAtLastIsForgotten() {
        refused.add(root("8"), 1);

        StepVerifier.create(write(DELETE)).expectNext(1L).verifyComplete();

        assertThat(refused.of("shop")).isEmpty();
        assertThat(recorded).isEmpty();
    }

    @Test
    void anIndexWithMoreRefusedDocumentsThanAreRememberedIsSetAside() {
        for (int i = 0; i < RefusedRoots.MOST; i++) {
            refused.add(root("x" + i), 1);
        }

        StepVerifier.create(write(FAILED))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(DivergenceException.class)
                        .hasMessageContaining("more than 250,000 of its documents are refused"));

        assertThat(recorded).hasSize(1);
    }

    private Mono<Long> write(DocumentChange... changes) {
        return new DocumentWriter(
                        new NoReader(),
                        Map.of(
                                "shop",
                                batch -> Mono.fromSupplier(() -> {
                                    sent.addAll(batch.changes());
                                    return new WriteOutcome(batch.changes().size(), 0, List.of());
                                })),
                        (index, version, rejected) -> Mono.fromRunnable(() -> recorded.addAll(rejected)),
                        new ReadVersions(1),
                        refused,
                        PipelineSettings.DEFAULT.batch(),
                        PipelineListener.NONE)
                .write(TREE, reader -> Flux.just(changes));
    }

    private static RootKey root(String key) {
        return new RootKey("shop", List.of(key));
    }

    /** The changes are given, so that nothing is read. */
    private static final class NoReader implements DocumentReader {
        @Override
        public Flux<DocumentChange> read(DocumentTree tree, List<RootKey> roots) {
            return Flux.empty();
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
