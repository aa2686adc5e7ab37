package io.pgsync.runtime.backfill;

import io.pgsync.core.tree.DocumentTree;
import io.pgsync.runtime.backfill.BackfillRun.Request;
import io.pgsync.runtime.config.BackfillOrder;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import io.pgsync.runtime.report.BackfillOutcome;
import io.pgsync.runtime.report.RunListener;
import io.pgsync.runtime.setup.Bootstrap;
import io.pgsync.runtime.setup.SourceChoice;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.KnownDrifts;
import io.pgsync.runtime.source.OrderedIndexes;
import io.pgsync.runtime.source.Resources;
import io.pgsync.runtime.source.SlotOwnership;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Performs an order for the databases of the schema file, one after the other. */
public final class Backfills {
    private final OrderedIndexes ordered;
    private final Mono<List<Database>> databases;
    private final KnownDrifts drifts;
    private final Function<Database, Mono<Database>> claims;
    private final Loads loads;

    public Backfills(Resources resources, BackfillOrder order) {
        this(
                placed(resources, order),
                resources.databases().toFollow(),
                new KnownDrifts(resources.states()),
                new SlotOwnership(resources.config().names(), resources.states())::claim,
                (database, stop, listener) ->
                        run(resources, placed(resources, order), database).flatMap(run -> run.perform(stop, listener)));
    }

    private static BackfillOrder placed(Resources resources, BackfillOrder order) {
        return new BackfillOrder(resources.placed().indexesOf(order.indexes()), order.where());
    }

    /** {@code claims} give each database the names that it may create and alter. */
    Backfills(
            BackfillOrder order,
            Mono<List<Database>> databases,
            KnownDrifts drifts,
            Function<Database, Mono<Database>> claims,
            Loads loads) {
        this.ordered = new OrderedIndexes(order.indexes());
        this.databases = databases;
        this.drifts = drifts;
        this.claims = claims;
        this.loads = loads;
    }

    /** Performs the part of an order that concerns one database. */
    interface Loads {
        Mono<BackfillOutcome> perform(Database database, Mono<Void> stop, RunListener listener);
    }

    private static Mono<BackfillRun> run(Resources resources, BackfillOrder order, Database database) {
        var choice = SourceChoice.of(ReplicaIdentityMode.KEEP, resources.config());
        return BackfillRun.request(
                new Request(database.names().slot(), new OrderedIndexes(order.indexes()).of(database), order.where()),
                new LoadedDatabase.Open(resources, database, new Bootstrap(resources, choice)),
                resources.states(),
                resources.timer());
    }

    /**
     * Ends when everything is loaded, or when {@code stop} signals; the order then remains. Fails if the order names
     * something that cannot be loaded.
     */
    public Mono<BackfillOutcome> run(Mono<Void> stop, RunListener listener) {
        return databases
                .doOnNext(ordered::requireKnown)
                .delayUntil(found -> ordered.requireFollowed(found, drifts))
                .flatMapIterable(found -> found)
                .concatMap(this::withoutOthersSetAside)
                .concatMap(claims)
                // First all databases are claimed, then the first one is changed.
                .collectList()
                .flatMapIterable(claimed -> claimed)
                .filter(database -> !ordered.of(database).isEmpty())
                .concatMap(database -> loads.perform(database, stop, listener))
                .collectList()
                .map(outcomes ->
                        outcomes.stream().max(Comparator.naturalOrder()).orElse(BackfillOutcome.LOADED));
    }

    /** Set-aside documents that are not in the order stay as they are: they are neither examined nor loaded. */
    private Mono<Database> withoutOthersSetAside(Database database) {
        return Flux.fromIterable(database.trees())
                .map(DocumentTree::index)
                .filter(index -> !ordered.contains(index))
                .filterWhen(drifts::contains)
                .collectList()
                .map(database::without);
    }
}
