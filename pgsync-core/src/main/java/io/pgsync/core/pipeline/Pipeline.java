package io.pgsync.core.pipeline;

import io.pgsync.core.affected.AffectedRoots;
import io.pgsync.core.affected.AffectedRootsResolver;
import io.pgsync.core.affected.IndexKeyLookup;
import io.pgsync.core.affected.RefusedRoots;
import io.pgsync.core.affected.StoredSearches;
import io.pgsync.core.affected.TableRoles;
import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeSource;
import io.pgsync.core.change.ChangeWindow;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.VisibilityFence;
import io.pgsync.core.checkpoint.InOrderAcknowledger;
import io.pgsync.core.checkpoint.InOrderAcknowledger.Part;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.document.SourceViews;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.handover.OwnedWorkLog;
import io.pgsync.core.handover.PendingRoots;
import io.pgsync.core.refusal.RefusalRecorder;
import io.pgsync.core.refusal.Retries;
import io.pgsync.core.version.ReadVersions;
import io.pgsync.core.window.ChangeWindows;
import java.util.Optional;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * One run: change, affected roots, document, versioned write, acknowledged position. It only connects the stages.
 *
 * <p>A change is looked up and read only after its fence. Windows are resolved, and batches read and written, at the
 * same time and in any order. Versions decide which content of a document wins; positions are acknowledged in order.
 */
final class Pipeline {
    private final VisibilityFence fence;
    private final SourceViews views;
    private final DocumentReader documents;
    private final PipelineSettings settings;
    private final PipelineListener listener;
    private final Scheduler timer;
    private final ChangeSource source;
    private final Claim claim;
    private final AffectedRootsResolver resolver;
    private final InOrderAcknowledger acknowledger;
    private final CommitTimes times = new CommitTimes();
    private final Handover handover;
    private final Checkpointer checkpoints;
    private final Backfill backfill;
    private final Divergences divergences;
    private final RefusalRecorder refusals;
    private final Retries retries;

    Pipeline(
            SourcePorts ports,
            IndexPorts index,
            PipelineContext options,
            ChangeSource source,
            Claim claim,
            Divergences divergences) {
        this.fence = ports.fence();
        this.views = ports.views();
        this.documents = ports.documents();
        this.settings = options.settings();
        this.listener = options.listener();
        this.timer = options.timer();
        this.source = source;
        this.claim = claim;
        this.divergences = divergences;
        this.acknowledger = new InOrderAcknowledger(
                claim.log().<Consumer<Lsn>>map(log -> log::mark).orElse(listener::stored));
        var reads = new ReadVersions(claim.generation());
        RefusedRoots refused = Claims.refusedRoots(claim);
        this.refusals = new RefusalRecorder(
                index.deadLetters(), index.refusals(), refused, settings.refused(), claim.ids(), timer);
        var writer = new DocumentWriter(ports.documents(), claim.sinks(), refusals, reads, settings.batch(), listener);
        this.checkpoints = new Checkpointer(
                claim, acknowledger, times, refused, divergences::definitions, index.states(), source, listener);
        this.handover = handover(writer, reads, index.keys(), refused);
        this.resolver = new AffectedRootsResolver(
                TableRoles.of(claim.trees()), ports.keys(), handover.searches(), checkpoints::noteDivergence);
        this.retries = new Retries(
                index.refusals(),
                refused,
                views,
                (tree, roots) -> documents
                        .requirePresent()
                        .then(writer.write(tree, roots))
                        .then(),
                settings.batch().roots());
        this.backfill = new Backfill(
                ports.documents(),
                views,
                index,
                writer,
                refused,
                checkpoints,
                settings.backfill(),
                new LoadWatch(timer));
    }

    private Handover handover(DocumentWriter writer, ReadVersions reads, IndexKeyLookup index, RefusedRoots refused) {
        var pending = new PendingRoots(
                claim.states().keySet(),
                settings.pendingRoots(),
                settings.batch().roots());
        return claim.log()
                .<Handover>map(log -> new LoggedHandover(
                        log,
                        pending,
                        writer,
                        claim,
                        reads,
                        settings.batch(),
                        // First what is in the log: its last reads are under way before they are done.
                        new StoredSearches(
                                claim.trees(), index, refused, log.settled().then(reads.settled())),
                        timer,
                        checkpoints.recorded()))
                .orElseGet(() -> new DirectHandover(
                        pending,
                        writer,
                        claim,
                        new StoredSearches(claim.trees(), index, refused, reads.settled()),
                        settings.batch()));
    }

    /**
     * Runs until {@code stop} signals, then drains: takes no more changes, stores what is under way, records and confirms it. Gives the
     * positions as they are acknowledged.
     */
    Flux<Lsn> run(Publisher<?> stop) {
        Sinks.Empty<Void> drained = Sinks.empty();
        Mono<Lsn> work = Mono.when(
                        followChanges(stop),
                        handover.store(),
                        loadIndexes(stop),
                        retries.watch(claim.trees(), stop, timer))
                .then(Mono.fromRunnable(drained::tryEmitEmpty));
        Flux<Lsn> checkpointing = repeated(
                        checkpoint(refusals.write()).doOnSubscribe(begun -> reportProgress()), drained.asMono())
                .concatWith(checkpoint(refusals.writeRest()));
        Flux<Lsn> confirming = claim.log().isEmpty()
                ? Flux.empty()
                : repeated(checkpoints.confirmLogged().flux(), drained.asMono())
                        .concatWith(checkpoints.confirmLogged());
        // The work comes last: if there is none, it ends on another thread, even before the others have begun.
        Flux<Lsn> run = Flux.merge(
                checkpointing, confirming, divergences.<Lsn>nowAndThen(timer).takeUntilOther(drained.asMono()), work);
        // What was confirmed is not in the stream again, so the first reads must show it.
        return Mono.<Void>fromRunnable(this::begin).then(refusals.begin()).thenMany(run);
    }

    /** One at a time: each builds on what the one before has stored. */
    private Flux<Lsn> repeated(Flux<Lsn> checkpoint, Mono<Void> end) {
        return Flux.interval(settings.checkpointInterval(), timer)
                .onBackpressureDrop()
                .takeUntilOther(end)
                .concatMap(tick -> checkpoint, 1);
    }

    private void begin() {
        Lsn confirmed = source.position().confirmed();
        require(Optional.of(confirmed));
        // What earlier owners have handed over may be stored without any new change.
        claim.log().ifPresent(log -> log.mark(confirmed));
    }

    private void require(Optional<Lsn> position) {
        position.ifPresent(reached -> documents.require(source.position().identity(), reached));
    }

    /** Orders to try again end after it: whoever waits for their end reads in the states what became of them. */
    private Flux<Lsn> checkpoint(Mono<Void> records) {
        return Flux.defer(() -> {
            var performed = retries.performed();
            // With a log the source is free while the engine is away; what was refused is written when it is back.
            Mono<Void> written = claim.log().isPresent()
                    ? records.onErrorResume(Checkpointer::isAway, away -> Mono.empty())
                    : records;
            return written.thenMany(checkpoints.checkpoint())
                    .concatWith(retries.remove(performed).then(Mono.empty()));
        });
    }

    private Mono<Void> followChanges(Publisher<?> stop) {
        Flux<ChangeEvent> endless =
                source.changes().doOnNext(times::note).concatWith(Mono.error(Pipeline::endedByItself));
        return ChangeWindows.of(endless.takeUntilOther(stop), settings.window().events(), timer)
                // In the order of the stream: the acknowledger needs it, and visible transactions stay visible.
                .map(window -> new Tracked(window, acknowledger.begin(window.commit(), window.end())))
                .concatMap(this::fenced, 1)
                // At the same time: a window with many roots must not delay the windows after it.
                .flatMap(this::resolve, settings.window().inFlight())
                .then(Mono.fromRunnable(handover::close));
    }

    private void reportProgress() {
        listener.progressed(new PipelineProgress(
                times.upTo(stored()),
                handover.waiting(),
                acknowledger.kept(),
                claim.log().map(OwnedWorkLog::backlog)));
    }

    private Lsn stored() {
        return claim.log().map(OwnedWorkLog::stored).orElseGet(acknowledger::stored);
    }

    private static SyncException endedByItself() {
        return new SyncException(Remedy.RETRY, "The stream of changes ended by itself.");
    }

    private record Tracked(ChangeWindow window, Part part) {}

    private Mono<Tracked> fenced(Tracked tracked) {
        ChangeWindow window = tracked.window();
        listener.received(window.changes().size());
        return window.changes().isEmpty()
                ? Mono.just(tracked)
                : fence.awaitVisible(window.committed())
                        .then(Mono.<Void>fromRunnable(() -> require(window.reach())))
                        .then(Mono.defer(() -> views.refresh(claim.trees())))
                        .then(divergences.announcedBy(window))
                        .thenReturn(tracked);
    }

    private Mono<Void> resolve(Tracked tracked) {
        Part part = tracked.part();
        // The rows may be large, so they are released here: only the look-ups, which hold keys, wait for answers.
        Flux<AffectedRoots> roots = resolver.resolve(tracked.window());
        source.release(tracked.window().footprint());
        Lsn change = tracked.window().commit().orElse(Lsn.ZERO);
        return roots
                // One page after the other: the next is requested when there was room for the one before.
                .concatMap(affected -> handover.offer(part, change, affected), 1)
                .then(Mono.fromRunnable(part::done));
    }

    private Mono<Void> loadIndexes(Publisher<?> stop) {
        // One index after the other: each load already reads with several connections.
        return Flux.fromIterable(claim.trees())
                .concatMap(tree -> backfill.run(tree, stop))
                .then();
    }
}
