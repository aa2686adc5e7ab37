package io.pgsync.core.pipeline;

import io.pgsync.core.affected.LostRows;
import io.pgsync.core.affected.RefusedRoots;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.BackfillProgress.Phase;
import io.pgsync.core.checkpoint.PartitionLoad;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.document.SourceViews;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.pipeline.DocumentWriter.Settled;
import io.pgsync.core.tree.DocumentTree;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Loads an index beside the live stream: ranges of root keys in key order, with the same versions and through the same
 * sink, so a change that overtakes the load is not undone by it. No long snapshot is held. After each range its end is
 * noted, and an interrupted load continues from there.
 */
final class Backfill {
    private final DocumentReader documents;
    private final SourceViews views;
    private final IndexPorts index;
    private final DocumentWriter writer;
    private final LostRows lost;
    private final Checkpointer checkpoints;
    private final PipelineSettings.Load settings;
    private final LoadWatch watch;

    Backfill(
            DocumentReader documents,
            SourceViews views,
            IndexPorts index,
            DocumentWriter writer,
            RefusedRoots refused,
            Checkpointer checkpoints,
            PipelineSettings.Load settings,
            LoadWatch watch) {
        this.documents = documents;
        this.views = views;
        this.index = index;
        this.writer = writer;
        this.lost = new LostRows(index.keys(), refused);
        this.checkpoints = checkpoints;
        this.settings = settings;
        this.watch = watch;
    }

    private record Stored(KeyRange range, Settled settled) {}

    /** Continues the load of one index from its last position to its end, or until {@code stop} signals. */
    Mono<Void> run(DocumentTree tree, Publisher<?> stop) {
        // At every phase: a load that goes on after a restart must show as much as one that begins.
        return Mono.defer(() -> progress(tree).isDone() ? Mono.<Void>empty() : documents.requirePresent())
                .then(Mono.defer(() -> phase(tree, stop)));
    }

    private Mono<Void> phase(DocumentTree tree, Publisher<?> stop) {
        return switch (progress(tree).phase()) {
            case LOADING ->
                begin(tree)
                        .then(Mono.defer(() -> loadNamed(tree)))
                        .then(Mono.defer(() -> loadRest(tree, stop)))
                        .then(Mono.defer(() -> atEnd(tree, Phase.LOADING, stop)));
            case REMOVING -> remove(tree, stop).then(Mono.defer(() -> atEnd(tree, Phase.REMOVING, stop)));
            case PARTITIONS ->
                begin(tree)
                        .then(Mono.defer(() -> loadThatLost(tree, stop)))
                        .then(Mono.defer(() -> loadThatGained(tree, stop)))
                        .then(Mono.defer(() -> atEnd(tree, Phase.PARTITIONS, stop)));
            // At every start: an earlier process may have died before it did this.
            case DONE -> index.ownership().endLoad(tree.index());
        };
    }

    /** The load must read views that are as new as those that the stream reads. */
    private Mono<Void> begin(DocumentTree tree) {
        BackfillProgress beginning = progress(tree);
        watch.begin(tree.index(), beginning.documents());
        checkpoints.noteBackfill(tree.index(), beginning);
        return views.refresh(List.of(tree)).then(relaxed(tree, beginning));
    }

    /** An index that was not empty is being searched, so its settings stay. */
    private Mono<Void> relaxed(DocumentTree tree, BackfillProgress beginning) {
        return beginning.removesOrphans() || beginning.isPart()
                ? Mono.empty()
                : Mono.defer(() -> index.ownership().beginLoad(tree.index()));
    }

    /** Continues with the next phase, unless this one was stopped before its end. */
    private Mono<Void> atEnd(DocumentTree tree, Phase ended, Publisher<?> stop) {
        return progress(tree).phase() == ended ? Mono.empty() : run(tree, stop);
    }

    /** By key, so that documents whose roots are gone are removed. */
    private Mono<Void> loadNamed(DocumentTree tree) {
        DocumentIds ids = DocumentIds.of(tree);
        List<String> named = progress(tree).ids();
        List<RootKey> roots = named.stream()
                .flatMap(id -> ids.rootOf(id).stream())
                .map(key -> new RootKey(tree.index(), key))
                .toList();
        List<String> strays =
                named.stream().filter(id -> ids.rootOf(id).isEmpty()).toList();
        return named.isEmpty()
                ? Mono.empty()
                : writer.write(tree, roots)
                        .delayUntil(settled -> writer.removeStrays(tree, strays))
                        .doOnNext(settled ->
                                note(tree, progress -> progress.idsLoaded(settled.documents(), settled.refused())))
                        .then();
    }

    private Mono<Void> loadRest(DocumentTree tree, Publisher<?> stop) {
        BackfillProgress now = progress(tree);
        // If only some documents were named, that was all.
        if (now.phase() != Phase.LOADING) {
            return Mono.empty();
        }
        return now.where()
                .map(condition -> loadPart(
                        tree, new Part(condition, now.lastKey(), this::afterPart, BackfillProgress::refused), stop))
                .orElseGet(() -> load(tree, stop));
    }

    private Mono<Void> load(DocumentTree tree, Publisher<?> stop) {
        return documents
                .ranges(tree, progress(tree).lastKey(), settings.chunk())
                .takeUntilOther(stop)
                // Several ranges are read and written at the same time, but noted in key order: there must be no gap
                // before the noted key.
                .flatMapSequential(
                        range -> writer.write(tree, range).map(settled -> new Stored(range, settled)),
                        settings.readers(),
                        1)
                .doOnNext(stored -> noteLoaded(tree, stored))
                .then();
    }

    private void noteLoaded(DocumentTree tree, Stored stored) {
        BackfillProgress next = measured(tree, after(progress(tree), stored));
        // First the divergence, then the end: whoever waits for the end must find both.
        if (next.phase() != Phase.LOADING && next.isRefusedWhole()) {
            checkpoints.noteDivergence(new Divergence(
                    Kind.LOAD_REFUSED,
                    tree.index(),
                    "none of the %,d documents of a load is stored, all were refused".formatted(next.documents())));
        }
        checkpoints.noteBackfill(tree.index(), next);
    }

    /** With its rate, if all of it is loaded. The rate of a part would tell little. */
    private BackfillProgress measured(DocumentTree tree, BackfillProgress progress) {
        return progress.phase() == Phase.LOADING
                ? progress
                : progress.atRate(watch.perSecond(tree.index(), progress.documents()));
    }

    private static BackfillProgress after(BackfillProgress progress, Stored stored) {
        List<String> lastKey = stored.range().last().or(progress::lastKey).orElse(List.of());
        BackfillProgress loaded = progress.loaded(
                lastKey, stored.settled().documents(), stored.settled().refused());
        boolean more = stored.range().last().isPresent();
        if (more) {
            return loaded;
        }
        return progress.removesOrphans() ? loaded.in(Phase.REMOVING) : loaded.ended();
    }

    /** Roots that match {@code where}, from {@code lastKey} on, and what is noted when some are settled or none can be. */
    private record Part(
            String where,
            Optional<List<String>> lastKey,
            BiFunction<BackfillProgress, Settling, BackfillProgress> settled,
            BiFunction<BackfillProgress, String, BackfillProgress> refused) {}

    private record Settling(List<RootKey> roots, long refused) {
        List<String> last() {
            return roots.get(roots.size() - 1).key();
        }
    }

    /** By key and not by range: so a root that no longer matches the tree's own condition is removed. */
    private Mono<Void> loadPart(DocumentTree tree, Part part, Publisher<?> stop) {
        var refusal = new AtomicReference<@Nullable String>();
        return documents
                .matching(tree, part.where(), part.lastKey(), settings.chunk())
                // Somebody's condition must not stop the stream that runs beside it.
                .onErrorResume(Remedy.STOP::isOf, failure -> {
                    refusal.set(failure.getMessage());
                    return Flux.empty();
                })
                .takeUntilOther(stop)
                .flatMapSequential(
                        roots -> writer.write(tree, roots).map(settled -> new Settling(roots, settled.refused())),
                        settings.readers(),
                        1)
                .doOnNext(settling -> note(tree, progress -> part.settled().apply(progress, settling)))
                .then(Mono.fromRunnable(() -> {
                    String reason = refusal.get();
                    if (reason != null) {
                        note(tree, progress -> part.refused().apply(progress, reason));
                    }
                }));
    }

    private BackfillProgress afterPart(BackfillProgress progress, Settling settling) {
        List<RootKey> roots = settling.roots();
        BackfillProgress loaded =
                roots.isEmpty() ? progress : progress.loaded(settling.last(), roots.size(), settling.refused());
        return roots.size() < settings.chunk() ? loaded.ended() : loaded;
    }

    /** As a TRUNCATE does: the index is asked which documents hold rows of tables of which partitions left. */
    private Mono<Void> loadThatLost(DocumentTree tree, Publisher<?> stop) {
        var exhausted = new AtomicBoolean();
        return lost.roots(tree, partitions(tree).tables())
                .buffer(settings.chunk())
                .doOnComplete(() -> exhausted.set(true))
                .takeUntilOther(stop)
                .concatMap(roots -> writer.write(tree, roots), 1)
                .doOnNext(settled -> notePartitions(tree, partitions(tree), settled))
                .then(Mono.fromRunnable(() -> {
                    if (exhausted.get()) {
                        notePartitions(tree, partitions(tree).withoutTables(), Settled.NONE);
                    }
                }));
    }

    private Mono<Void> loadThatGained(DocumentTree tree, Publisher<?> stop) {
        PartitionLoad load = partitions(tree);
        return Mono.justOrEmpty(load.where())
                .filter(condition -> load.tables().isEmpty())
                .flatMap(condition -> loadPart(
                        tree,
                        new Part(
                                condition,
                                load.lastKey(),
                                this::afterGained,
                                (progress, reason) -> progress.and(PartitionLoad.whole(load.cause()))),
                        stop));
    }

    private BackfillProgress afterGained(BackfillProgress progress, Settling settling) {
        PartitionLoad load = progress.partitions().orElseThrow();
        int roots = settling.roots().size();
        PartitionLoad next = roots < settings.chunk() ? load.ended() : load.loaded(settling.last());
        return progress.partitionsLoaded(next, roots, settling.refused());
    }

    private PartitionLoad partitions(DocumentTree tree) {
        return progress(tree).partitions().orElseThrow();
    }

    private void notePartitions(DocumentTree tree, PartitionLoad now, Settled more) {
        note(tree, progress -> progress.partitionsLoaded(now, more.documents(), more.refused()));
    }

    /** Reads all stored ids: those that the source does not have are documents whose roots are gone. */
    private Mono<Void> remove(DocumentTree tree, Publisher<?> stop) {
        String table = tree.root().table().name().table();
        var exhausted = new AtomicBoolean();
        return index.keys()
                .refresh(tree)
                .thenMany(
                        index.keys().rootsContainingAny(tree, table, tree.root().metaColumns()))
                .buffer(settings.chunk())
                .doOnComplete(() -> exhausted.set(true))
                .takeUntilOther(stop)
                .concatMap(roots -> writer.remove(tree, roots), 1)
                .then(Mono.fromRunnable(() -> {
                    if (exhausted.get()) {
                        note(tree, BackfillProgress::ended);
                    }
                }));
    }

    private BackfillProgress progress(DocumentTree tree) {
        return checkpoints.backfill(tree.index());
    }

    private void note(DocumentTree tree, UnaryOperator<BackfillProgress> next) {
        checkpoints.noteBackfill(tree.index(), next.apply(progress(tree)));
    }
}
