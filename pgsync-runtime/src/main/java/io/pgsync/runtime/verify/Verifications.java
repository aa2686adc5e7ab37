package io.pgsync.runtime.verify;

import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.query.StatementCheck;
import io.pgsync.replication.slot.ReplicationSlots;
import io.pgsync.runtime.config.VerifyOrder;
import io.pgsync.runtime.report.VerifiedIndex;
import io.pgsync.runtime.report.VerifyProgress;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.KnownDrifts;
import io.pgsync.runtime.source.OrderedIndexes;
import io.pgsync.runtime.source.Resources;
import io.pgsync.runtime.source.SlotHolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Compares the ordered indexes of a schema file with their sources, one after the other. */
public final class Verifications {
    private static final Logger log = LoggerFactory.getLogger(Verifications.class);

    private final Resources resources;
    private final VerifyOrder order;
    private final Follower follower;
    private final Consumer<VerifyProgress> listener;

    /**
     * {@code follower}: where no other process follows a database; {@code listener}: is told progress, on threads that
     * it must not block.
     */
    public Verifications(Resources resources, VerifyOrder order, Follower follower, Consumer<VerifyProgress> listener) {
        this.resources = resources;
        this.order = order;
        this.follower = follower;
        this.listener = listener;
    }

    /** Follows a database as long as it is verified. */
    public interface Follower {
        /** Fails if nobody can follow it; what it gives follows until its argument signals. */
        Mono<Function<Mono<Void>, Mono<Void>>> prepare(Database database);
    }

    /**
     * Ends early, with what was found so far, when {@code stop} signals, which must replay its signal. So does a failure,
     * which the last index then has; it fails only if nothing was compared before.
     */
    public Mono<List<VerifiedIndex>> run(Mono<Void> stop) {
        return Mono.defer(() -> {
            var begun = new CopyOnWriteArrayList<Verification>();
            return run(begun, stop).onErrorResume(failure -> told(soFar(begun), failure));
        });
    }

    private static List<VerifiedIndex> soFar(List<Verification> begun) {
        return begun.stream().flatMap(each -> each.soFar().stream()).toList();
    }

    static Mono<List<VerifiedIndex>> told(List<VerifiedIndex> found, Throwable failure) {
        if (found.isEmpty()) {
            return Mono.error(failure);
        }
        var all = new ArrayList<>(found);
        int last = all.size() - 1;
        all.set(last, all.get(last).endedBy(failure));
        return Mono.just(all);
    }

    private Mono<List<VerifiedIndex>> run(List<Verification> begun, Mono<Void> stop) {
        var drifts = new KnownDrifts(resources.states());
        return resources
                .databases()
                .toFollow()
                .doOnNext(found -> ordered(found).requireKnown(found))
                .delayUntil(found -> ordered(found).requireFollowed(found, drifts))
                .flatMapMany(found -> Flux.fromIterable(found)
                        .filter(database -> !ordered(found).of(database).isEmpty())
                        .concatMap(database -> verified(database, ordered(found).of(database), begun, stop)))
                .collectList();
    }

    private OrderedIndexes ordered(List<Database> found) {
        return new OrderedIndexes(
                order.indexes().isEmpty()
                        ? found.stream()
                                .flatMap(database -> database.indexes().stream())
                                .toList()
                        : resources.placed().indexesOf(order.indexes()));
    }

    private Flux<VerifiedIndex> verified(
            Database database, List<DocumentTree> trees, List<Verification> begun, Mono<Void> stop) {
        Mono<List<VerifiedIndex>> work = Flux.fromIterable(trees)
                .concatMap(
                        tree -> {
                            Verification next = verification(database, tree);
                            begun.add(next);
                            return next.run(stop);
                        },
                        1)
                .collectList();
        return conditionHolds(database, trees)
                .then(follower.prepare(database))
                .flatMap(following -> isHeld(database).flatMap(held -> held ? work : beside(following, database, work)))
                .flatMapIterable(found -> found);
    }

    private Mono<Void> conditionHolds(Database database, List<DocumentTree> trees) {
        return Mono.justOrEmpty(order.where())
                .flatMapMany(condition -> Flux.fromIterable(trees)
                        .concatMap(tree -> new StatementCheck(database.connections()).condition(tree, condition)))
                .then();
    }

    private Mono<Boolean> isHeld(Database database) {
        var slots = new ReplicationSlots(database.connections());
        return new SlotHolder(Mono.defer(() -> slots.describe(database.names().slot())), resources.timer()).isThere();
    }

    private Verification verification(Database database, DocumentTree tree) {
        return new Verification(
                tree,
                order,
                OpenSides.of(resources, database, tree),
                new Pace(order.rate(), resources.timer()),
                new Random(),
                new Telling(tree.index(), listener, resources.timer()));
    }

    private static <T> Mono<T> beside(Function<Mono<Void>, Mono<Void>> following, Database database, Mono<T> work) {
        log.info(
                "No process follows slot {}: this one does as long as it verifies",
                database.names().slot());
        return beside(following, work);
    }

    /** Follows until {@code work} ends, well or not; gives its result when the following has ended, too. */
    static <T> Mono<T> beside(Function<Mono<Void>, Mono<Void>> follow, Mono<T> work) {
        return Mono.defer(() -> {
            Sinks.Empty<Void> done = Sinks.empty();
            return Flux.merge(
                            work.materialize().doOnNext(signal -> done.tryEmitEmpty()),
                            follow.apply(done.asMono()).then(Mono.empty()))
                    .single()
                    .dematerialize();
        });
    }
}
