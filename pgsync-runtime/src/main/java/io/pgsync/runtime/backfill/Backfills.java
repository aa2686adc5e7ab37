package io.pgsync.runtime.backfill;

import io.pgsync.core.tree.DocumentTree;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import io.pgsync.runtime.follow.RunListener;
import io.pgsync.runtime.setup.Bootstrap;
import io.pgsync.runtime.setup.IdentityChoice;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.KnownDrifts;
import io.pgsync.runtime.source.Resources;
import io.pgsync.runtime.source.SlotOwnership;
import java.util.Comparator;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Takes an order apart into the databases of the schema file, one after the other. */
public final class Backfills {
    private final Resources resources;
    private final BackfillOrder order;
    private final KnownDrifts drifts;

    public Backfills(Resources resources, BackfillOrder order) {
        this.resources = resources;
        this.order = order;
        this.drifts = new KnownDrifts(resources.states());
    }

    /** Ends when everything is loaded; {@code stop} leaves the order standing. Fails when something is ordered that cannot be loaded. */
    public Mono<BackfillOutcome> run(Mono<Void> stop, RunListener listener) {
        return resources
                .databasesToFollow()
                .doOnNext(order::check)
                .delayUntil(this::requireFollowed)
                .flatMapIterable(databases -> databases)
                .concatMap(this::withoutOthersSetAside)
                .concatMap(new SlotOwnership(resources.config().names(), resources.states())::claim)
                // All of them, before anything is made in the first.
                .collectList()
                .flatMapIterable(claimed -> claimed)
                .filter(database -> !order.of(database).isEmpty())
                .concatMap(database -> BackfillRun.request(resources, database, order, bootstrap())
                        .flatMap(run -> run.perform(stop, listener)))
                .collectList()
                .map(outcomes ->
                        outcomes.stream().max(Comparator.naturalOrder()).orElse(BackfillOutcome.LOADED));
    }

    private Bootstrap bootstrap() {
        return new Bootstrap(
                resources,
                new IdentityChoice(ReplicaIdentityMode.KEEP, resources.config().insertOnly()));
    }

    /** Other documents of the file may be set aside. */
    private Mono<Void> requireFollowed(List<Database> databases) {
        return Flux.fromIterable(databases)
                .concatMapIterable(Database::drifted)
                .filter(order.indexes()::contains)
                .concatMap(drifts::refuse)
                .then();
    }

    /** What is not ordered stays as it is: it is neither examined nor loaded. */
    private Mono<Database> withoutOthersSetAside(Database database) {
        return Flux.fromIterable(database.trees())
                .map(DocumentTree::index)
                .filter(index -> !order.indexes().contains(index))
                .filterWhen(drifts::contains)
                .collectList()
                .map(database::without);
    }
}
