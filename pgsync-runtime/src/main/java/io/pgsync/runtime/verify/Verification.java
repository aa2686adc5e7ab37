package io.pgsync.runtime.verify;

import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.lookup.StoredForm;
import io.pgsync.runtime.config.VerifyOrder;
import io.pgsync.runtime.report.VerifiedIndex;
import io.pgsync.runtime.report.VerifiedIndex.Counts;
import io.pgsync.runtime.report.VerifyProgress.Stage;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One comparison of an index with its source, from the first root to the last id. Used once. */
final class Verification {
    private static final int READERS = 2;

    private final DocumentTree tree;
    private final VerifyOrder order;
    private final Sides sides;
    private final Pace pace;
    private final Walk walk;
    private final Extras extras;
    private final Telling telling;
    private final Tally tally = new Tally();
    private final AtomicLong ids = new AtomicLong();
    private final AtomicBoolean isComplete = new AtomicBoolean();
    private volatile Optional<Start> start = Optional.empty();
    private volatile Optional<Throwable> late = Optional.empty();

    /** {@code random} chooses the sample, if there is one. */
    Verification(DocumentTree tree, VerifyOrder order, Sides sides, Pace pace, Random random, Telling telling) {
        this.tree = tree;
        this.order = order;
        this.sides = sides;
        this.pace = pace;
        this.walk = new Walk(tree, sides.source(), pace.step(), order.sample(), random);
        this.extras = new Extras(tree, sides);
        this.telling = telling;
    }

    private record Start(StoredForm form, SyncState state) {}

    /** Ends early, with what was found so far, when {@code stop} signals. */
    Mono<VerifiedIndex> run(Mono<Void> stop) {
        return Mono.zip(sides.form(), sides.caughtUp(), sides.source().estimatedRoots(tree))
                .flatMap(found -> {
                    start = Optional.of(new Start(found.getT1(), found.getT2()));
                    return found(found.getT1(), found.getT3(), stop)
                            .then(Mono.fromSupplier(() -> soFar().orElseThrow()));
                });
    }

    /** What was found; empty if it has not begun. */
    Optional<VerifiedIndex> soFar() {
        return start.map(begun -> result(begun.form(), begun.state()));
    }

    private Mono<Void> found(StoredForm form, long roots, Mono<Void> stop) {
        var comparison = new Comparison(sides, form);
        var confirmation = new Confirmation(tree, sides, comparison);
        Mono<Void> repair = Mono.defer(() -> isComplete.get() && order.repair() ? repair(confirmation) : Mono.empty());
        return suspectDocuments(comparison, roots)
                .concatWith(order.where().isPresent() ? Flux.empty() : suspectIds(roots))
                .doOnComplete(() -> isComplete.set(true))
                .takeUntilOther(stop)
                // First it is decided about those that are suspected by then.
                .onErrorResume(failure -> {
                    late = Optional.of(failure);
                    return Flux.empty();
                })
                .buffer(Mending.SUSPECTS)
                .concatMap(confirmation::of, 1)
                .doOnNext(tally::confirmed)
                .then(repair)
                .then(Mono.defer(() -> late.<Mono<Void>>map(Mono::error).orElseGet(Mono::empty)));
    }

    private Mono<Void> repair(Confirmation confirmation) {
        return new Mending(sides, confirmation)
                .of(tally.repairable())
                .doOnNext(repaired -> {
                    tally.repaired(repaired);
                    tell(
                            Stage.REPAIR,
                            tally.counts().repaired(),
                            tally.repairable().size());
                })
                .then();
    }

    private Flux<Suspect> suspectDocuments(Comparison comparison, long roots) {
        Flux<Flux<DocumentChange>> parts = order.where().map(walk::parts).orElseGet(walk::parts);
        long expected = order.where().isPresent() ? 0 : Math.round(roots * order.sample());
        return parts.concatMap(part -> pace.before(pace.step()).thenReturn(part), 1)
                .flatMap(comparison::of, READERS, 1)
                .doOnNext(group -> {
                    tally.compared(group);
                    tell(Stage.DOCUMENTS, tally.counts().compared(), expected);
                })
                .concatMapIterable(Comparison.Compared::suspects, 1);
    }

    private Flux<Suspect> suspectIds(long roots) {
        return extras.pages(pace.step())
                .filter(page -> walk.isChosen())
                .concatMap(
                        page -> pace.before(page.size())
                                .then(extras.among(page))
                                .doOnNext(suspects -> tell(
                                        Stage.IDS, ids.addAndGet(page.size()), Math.round(roots * order.sample()))),
                        1)
                .concatMapIterable(suspects -> suspects, 1);
    }

    private void tell(Stage stage, long done, long expected) {
        telling.tell(stage, done, expected, tally.counts().differing());
    }

    private VerifiedIndex result(StoredForm form, SyncState start) {
        Counts counts = tally.counts();
        return new VerifiedIndex(
                tree.index(),
                start.stored(),
                telling.elapsed().toMillis() / 1e3,
                isComplete.get(),
                form.otherwise(),
                order.where().isEmpty(),
                counts,
                tally.differences());
    }
}
