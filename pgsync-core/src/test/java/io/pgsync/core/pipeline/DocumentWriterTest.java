package io.pgsync.core.pipeline;

import static io.pgsync.core.tree.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.affected.RefusedRoots;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.pipeline.DocumentWriter.Settled;
import io.pgsync.core.refusal.RefusalRecorder;
import io.pgsync.core.refusal.RefusalStore;
import io.pgsync.core.refusal.RefusedLimit;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.core.sink.WriteOutcome.Refused;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Trees;
import io.pgsync.core.version.ReadVersions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class DocumentWriterTest {
    private static final DocumentTree TREE = Trees.nodes("{'table': 'book'}", table("book", "id int4 pk"));
    private static final Failed FAILED =
            new Failed(root("7"), "7", new byte[] {'{', '}'}, "plugin_failure", "plugin \"a\" failed");
    private static final Delete DELETE = new Delete(root("8"), "8");
    private static final Upsert STALE = new Upsert(root("8"), "8", Optional.empty(), new byte[0]);
    private static final Upsert OTHER = new Upsert(root("9"), "9", Optional.empty(), new byte[0]);

    private final List<DocumentChange> sent = new ArrayList<>();
    private final List<Refused> recorded = new ArrayList<>();
    private final RefusedRoots refused = new RefusedRoots();
    private List<DocumentChange> next = List.of();

    @Test
    void aDocumentThatAPluginFailedOnIsRecordedAndRememberedWhileTheOthersAreStored() {
        StepVerifier.create(write(FAILED, DELETE)).expectNext(new Settled(2, 1)).verifyComplete();

        assertThat(sent).containsExactly(DELETE);
        assertThat(recorded).containsExactly(new Refused(FAILED, 0, "plugin_failure", "plugin \"a\" failed"));
        assertThat(refused.of("shop")).containsExactly(root("7"));
    }

    /** It takes part in no search: there is no document that could be found. */
    @Test
    void aRootWhoseKeyIsNoTextIsRecordedAndNotRemembered() {
        var unreadable = new DocumentChange.Failed(
                RootKey.unreadable("shop", List.of("\\xff")), "\\xff", new byte[0], "source_failure", "no text");

        StepVerifier.create(write(unreadable)).expectNext(new Settled(1, 1)).verifyComplete();

        assertThat(recorded).extracting(Refused::change).containsExactly(unreadable);
        assertThat(refused.of("shop")).isEmpty();
    }

    @Test
    void theEngineIsNotAskedWhenNothingIsLeft() {
        StepVerifier.create(write(FAILED)).expectNext(new Settled(1, 1)).verifyComplete();

        assertThat(sent).isEmpty();
        assertThat(recorded).hasSize(1);
    }

    @Test
    void aRootThatIsStoredAtLastIsForgotten() {
        refused.add(root("8"), 1);

        StepVerifier.create(write(DELETE)).expectNext(new Settled(1, 0)).verifyComplete();

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

    /** The engine may forget a delete, and then nothing older may arrive any more. */
    @Test
    void aDeleteWaitsUntilWhatIsOlderOfItsDocumentIsStored() {
        Sinks.Empty<Void> answer = Sinks.empty();
        var writer = writer(batch -> Mono.fromRunnable(() -> sent.addAll(batch.changes()))
                .then(batch.changes().contains(STALE) ? answer.asMono() : Mono.empty())
                .thenReturn(new WriteOutcome(batch.changes().size(), 0, List.of())));
        next = List.of(STALE);
        writer.write(TREE, List.of(STALE.root())).subscribe();
        next = List.of(OTHER);
        writer.write(TREE, List.of(OTHER.root())).subscribe();
        next = List.of(DELETE);
        var deleted = writer.write(TREE, List.of(DELETE.root())).toFuture();

        assertThat(sent).containsExactly(STALE, OTHER);
        answer.tryEmitEmpty();

        assertThat(deleted).isCompletedWithValue(new Settled(1, 0));
        assertThat(sent).containsExactly(STALE, OTHER, DELETE);
    }

    /** Nobody knows what a run of keys holds before it is read. */
    @Test
    void aDeleteWaitsForTheLoadOfARange() {
        Sinks.Empty<Void> answer = Sinks.empty();
        var writer = writer(batch -> (batch.changes().contains(OTHER) ? answer.asMono() : Mono.<Void>empty())
                .then(Mono.fromSupplier(() -> new WriteOutcome(1, 0, List.of()))));
        next = List.of(OTHER);
        writer.write(TREE, new KeyRange(Optional.empty(), Optional.empty())).subscribe();
        next = List.of(DELETE);

        var deleted = writer.write(TREE, List.of(DELETE.root())).toFuture();

        assertThat(deleted).isNotDone();
        answer.tryEmitEmpty();
        assertThat(deleted).isCompletedWithValue(new Settled(1, 0));
    }

    /** With a routing, the copies on other shards are deleted when the document is written. */
    @Test
    void aRoutedDocumentWaitsLikeADelete() {
        DocumentTree routed = Trees.document(
                "'index': 'shop', 'routing': 'id', 'nodes': {'table': 'book', 'columns': ['id']}",
                table("book", "id int4 pk"));
        Sinks.Empty<Void> answer = Sinks.empty();
        var writer = writer(batch -> Mono.fromRunnable(() -> sent.addAll(batch.changes()))
                .then(answer.asMono())
                .thenReturn(new WriteOutcome(1, 0, List.of())));
        next = List.of(STALE);
        writer.write(routed, List.of(STALE.root())).subscribe();
        var newer = writer.write(routed, List.of(STALE.root())).toFuture();

        assertThat(sent).hasSize(1);
        answer.tryEmitEmpty();
        assertThat(sent).hasSize(2);
        assertThat(newer).isCompletedWithValue(new Settled(1, 0));
    }

    private Mono<Settled> write(DocumentChange... changes) {
        next = List.of(changes);
        return writer(batch -> Mono.fromSupplier(() -> {
                    sent.addAll(batch.changes());
                    return new WriteOutcome(batch.changes().size(), 0, List.of());
                }))
                .write(TREE, Arrays.stream(changes).map(DocumentChange::root).toList());
    }

    private DocumentWriter writer(DocumentSink sink) {
        return new DocumentWriter(
                new GivenDocuments(roots -> next),
                Map.of("shop", sink),
                new RefusalRecorder(
                        (index, version, refused) -> Mono.fromRunnable(() -> recorded.addAll(refused)),
                        RefusalStore.NONE,
                        refused,
                        RefusedLimit.STANDARD,
                        Map.of("shop", DocumentIds.of(TREE)),
                        Schedulers.immediate()),
                new ReadVersions(1),
                PipelineSettings.DEFAULT.batch(),
                PipelineListener.NONE);
    }

    private static RootKey root(String key) {
        return new RootKey("shop", List.of(key));
    }
}
