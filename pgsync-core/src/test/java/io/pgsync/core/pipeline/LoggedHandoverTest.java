package io.pgsync.core.pipeline;

import static io.pgsync.core.tree.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.affected.IndexKeyLookup;
import io.pgsync.core.affected.RefusedRoots;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.affected.StoredSearches;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.handover.PendingRoots;
import io.pgsync.core.handover.TakenRoot;
import io.pgsync.core.refusal.RefusalRecorder;
import io.pgsync.core.refusal.RefusalStore;
import io.pgsync.core.refusal.RefusedLimit;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Trees;
import io.pgsync.core.version.ReadVersions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

class LoggedHandoverTest {
    private static final DocumentTree TREE = Trees.nodes("{'table': 'book'}", table("book", "id int4 pk"));
    private static final PipelineSettings.Batch BATCH = PipelineSettings.DEFAULT.batch();
    private static final RootKey ROOT = root("shop");

    private final GivenLog log = new GivenLog();
    private final ReadVersions versions = new ReadVersions(1);
    private final RefusedRoots refused = new RefusedRoots();
    private final Sinks.Empty<Void> refusalsRecorded = Sinks.empty();
    private final List<String> forgotten = new ArrayList<>();

    @Test
    void theLogForgetsWhatIsStored() {
        store(ROOT, new Delete(ROOT, "7"));

        assertThat(forgotten).containsExactly("shop");
    }

    /** Until then nothing but the log tells that the document is older than its rows. */
    @Test
    void theLogForgetsWhatIsRefusedOnceThatIsOnRecord() {
        store(ROOT, new Failed(ROOT, "7", new byte[0], "plugin_failure", "plugin failed"));
        assertThat(refused.of("shop")).containsExactly(ROOT);
        assertThat(forgotten).isEmpty();

        refusalsRecorded.tryEmitEmpty();

        assertThat(forgotten).containsExactly("shop");
    }

    /** Its load will read what it lacks, or nobody asks for it any more. */
    @Test
    void theLogForgetsWhatBelongsToNoIndexOfThisRun() {
        store(root("another"));

        assertThat(forgotten).containsExactly("another");
    }

    private void store(RootKey taken, DocumentChange... read) {
        log.few = Flux.just(new TakenRoot(taken, 1, () -> forgotten.add(taken.index())));
        handover(List.of(read)).store().subscribe();
    }

    private LoggedHandover handover(List<DocumentChange> read) {
        var claim = new Claim(1, List.of(TREE), Map.of(), Map.of(), Optional.of(log));
        var recorder = new RefusalRecorder(
                (index, version, documents) -> Mono.empty(),
                RefusalStore.NONE,
                refused,
                RefusedLimit.STANDARD,
                Map.of("shop", DocumentIds.of(TREE)),
                Schedulers.immediate());
        var writer = new DocumentWriter(
                new GivenDocuments(roots -> read),
                Map.of("shop", batch -> Mono.just(new WriteOutcome(1, 0, List.of()))),
                recorder,
                versions,
                BATCH,
                PipelineListener.NONE);
        return new LoggedHandover(
                log,
                new PendingRoots(Set.of("shop"), 100, BATCH.roots()),
                writer,
                claim,
                versions,
                BATCH,
                new StoredSearches(List.of(TREE), new NoKeys(), refused, Mono.empty()),
                Schedulers.immediate(),
                refusalsRecorded.asMono());
    }

    /** No search waits. */
    private static final class NoKeys implements IndexKeyLookup {
        @Override
        public Mono<Void> refresh(DocumentTree tree) {
            return Mono.empty();
        }

        @Override
        public Flux<RootKey> rootsContaining(
                DocumentTree tree, String table, List<String> columns, List<List<String>> keys) {
            return Flux.empty();
        }

        @Override
        public Flux<RootKey> rootsContainingAny(DocumentTree tree, String table, List<String> columns) {
            return Flux.empty();
        }
    }

    private static RootKey root(String index) {
        return new RootKey(index, List.of("7"));
    }
}
