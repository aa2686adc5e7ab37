package io.pgsync.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.affected.IndexKeyLookup;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.BackfillProgress.Phase;
import io.pgsync.core.checkpoint.PartitionLoad;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.sink.WriteBatch;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Tables;
import io.pgsync.core.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A run that finds a load in its state for which partitions called. */
class LoadsForPartitionsTest {
    private static final DocumentTree TREE = Trees.nodes(
            "{'table': 't', 'children': [{'table': 'item', 'relationship': {'variant': 'object', 'type': 'one_to_many'}}]}",
            Tables.table("t", "id int4 pk"),
            Tables.table("item", "id int4 pk, t_id int4 -> t.id"));
    private static final PartitionLoad LOST = PartitionLoad.of(List.of("public.item"), Optional.empty(), "item left");
    private static final PartitionLoad GAINED = PartitionLoad.of(List.of(), Optional.of("matches"), "item came");

    private final SynchronizerRun run = new SynchronizerRun();
    private final List<String> events = new ArrayList<>();
    private final Set<Integer> gone = new TreeSet<>();
    /** What had happened each time that reads had to show the present from then on. */
    private final List<List<String>> required = new ArrayList<>();

    private List<Integer> matching = List.of();
    private boolean isConditionRefused;

    @AfterEach
    void close() {
        run.close();
    }

    @Test
    void whatLostRowsIsFoundInTheIndexAndReadAgain() {
        gone.add(2);

        BackfillProgress end = run(BackfillProgress.DONE.and(LOST), List.of("9"));

        assertThat(events).containsExactly("refresh", "all item", "write 1 -2", "write 3 9");
        assertThat(end.phase()).isEqualTo(Phase.DONE);
        assertThat(end.documents()).isEqualTo(4);
        assertThat(end.partitions()).contains(LOST.ended());
    }

    @Test
    void whatGotRowsIsFoundInTheSource() {
        matching = List.of(4, 5, 6);

        BackfillProgress end = run(BackfillProgress.DONE.and(GAINED), List.of());

        assertThat(events).containsExactly("matches after ", "write 4 5", "write 6");
        assertThat(end.isDone()).isTrue();
        assertThat(end.documents()).isEqualTo(3);
    }

    /** The partition that came is in no position of the stream: a standby may show all that was fenced, and not yet its rows. */
    @Test
    void theReadsOfALoadShowThePresent() {
        matching = List.of(4);

        run(BackfillProgress.DONE.and(GAINED), List.of());

        assertThat(required).first().isEqualTo(List.of());
        assertThat(events).isNotEmpty();
    }

    @Test
    void soDoTheReadsOfEachPhaseAndOfNoOtherRun() {
        run(BackfillProgress.startIds(List.of("7")).and(GAINED), List.of());
        assertThat(required).containsExactly(List.of(), List.of("write 7"));

        required.clear();
        run(BackfillProgress.DONE, List.of());
        assertThat(required).isEmpty();
    }

    @Test
    void anInterruptedOneGoesOnBehindItsLastKey() {
        matching = List.of(4, 5, 6);

        run(BackfillProgress.DONE.and(GAINED.loaded(List.of("5"))), List.of());

        assertThat(events).containsExactly("matches after 5", "write 6");
    }

    @Test
    void firstWhatLostThenWhatGot() {
        matching = List.of(4);

        run(BackfillProgress.DONE.and(LOST.and(GAINED)), List.of());

        assertThat(events).containsExactly("refresh", "all item", "write 1 2", "write 3", "matches after ", "write 4");
    }

    @Test
    void otherLoadsComeBeforeIt() {
        matching = List.of(4);

        BackfillProgress end = run(BackfillProgress.startIds(List.of("7")).and(GAINED), List.of());

        assertThat(events).containsExactly("write 7", "matches after ", "write 4");
        assertThat(end.isDone()).isTrue();
    }

    /** Beside the documents of roots: somebody's hand has added them. */
    @Test
    void namedDocumentsWithIdsThatNoRootHasAreRemoved() {
        BackfillProgress end = run(BackfillProgress.startIds(List.of("no key", "7")), List.of());

        assertThat(events).containsExactly("write 7", "write -no key");
        assertThat(end.isDone()).isTrue();
    }

    /** It is nobody's condition but ours; whatever is wrong with it, the documents must become right. */
    @Test
    void whereTheSourceRefusesTheConditionEverythingIsLoaded() {
        isConditionRefused = true;

        BackfillProgress end = run(BackfillProgress.DONE.and(GAINED), List.of());

        assertThat(events).contains("ranges", "all t");
        assertThat(end.isDone()).isTrue();
        assertThat(end.where()).isEmpty();
    }

    private BackfillProgress run(BackfillProgress load, List<String> refused) {
        PipelineSettings standard = PipelineSettings.DEFAULT;
        run.settings = new PipelineSettings(
                standard.window(),
                standard.batch(),
                new PipelineSettings.Load(2, 1),
                standard.pendingRoots(),
                standard.checkpointInterval(),
                standard.refused());
        run.tree = TREE;
        run.states.put(States.state("shop", 10).withBackfill(load).withRefused(refused));
        run.documents = new Roots();
        run.keys = new Keys();
        run.indexes.sink = batch -> Mono.fromSupplier(() -> stored(batch));
        run.follow(Flux.never());
        run.pass(5);
        return run.states.get("shop").backfill();
    }

    private WriteOutcome stored(WriteBatch batch) {
        String ids = batch.changes().stream()
                .map(change -> (change instanceof Delete ? " -" : " ") + change.id())
                .reduce("", String::concat);
        events.add("write" + ids);
        return new WriteOutcome(batch.changes().size(), 0, List.of());
    }

    private static RootKey root(Object key) {
        return new RootKey("shop", List.of(key.toString()));
    }

    private final class Keys implements IndexKeyLookup {
        @Override
        public Mono<Void> refresh(DocumentTree tree) {
            return Mono.fromRunnable(() -> events.add("refresh"));
        }

        @Override
        public Flux<RootKey> rootsContaining(
                DocumentTree tree, String table, List<String> columns, List<List<String>> keys) {
            return Flux.error(new AssertionError("nobody knows the keys"));
        }

        @Override
        public Flux<RootKey> rootsContainingAny(DocumentTree tree, String table, List<String> columns) {
            return Flux.defer(() -> {
                events.add("all " + table);
                return Flux.just(root(1), root(2), root(3));
            });
        }
    }

    private final class Roots implements DocumentReader {
        @Override
        public Flux<DocumentChange> read(DocumentTree tree, List<RootKey> roots) {
            return Flux.fromIterable(roots).map(root -> {
                String id = root.key().get(0);
                return gone.contains(Integer.valueOf(id))
                        ? new Delete(root, id)
                        : new Upsert(root, id, Optional.empty(), new byte[] {'{', '}'});
            });
        }

        @Override
        public Flux<DocumentChange> read(DocumentTree tree, KeyRange range) {
            return Flux.empty();
        }

        @Override
        public Flux<KeyRange> ranges(DocumentTree tree, Optional<List<String>> after, int size) {
            return Flux.defer(() -> {
                events.add("ranges");
                return Flux.just(new KeyRange(after, Optional.empty()));
            });
        }

        @Override
        public Flux<List<RootKey>> matching(
                DocumentTree tree, String condition, Optional<List<String>> after, int size) {
            if (isConditionRefused) {
                return Flux.error(new SyncException(Remedy.STOP, "syntax error"));
            }
            return Flux.defer(() -> {
                int from = after.map(key -> Integer.parseInt(key.get(0))).orElse(0);
                events.add(condition + " after " + after.map(key -> key.get(0)).orElse(""));
                List<RootKey> found = matching.stream()
                        .filter(key -> key > from)
                        .map(LoadsForPartitionsTest::root)
                        .toList();
                // The last list is shorter, or empty.
                return Flux.fromIterable(found)
                        .buffer(size)
                        .concatWith(found.size() % size == 0 ? Flux.just(List.of()) : Flux.empty());
            });
        }

        @Override
        public Mono<Long> estimatedRoots(DocumentTree tree) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> requirePresent() {
            return Mono.fromRunnable(() -> required.add(List.copyOf(events)));
        }
    }
}
