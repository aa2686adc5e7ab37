package io.pgsync.runtime.setup;

import io.pgsync.core.catalog.TableDefinition.ReplicaIdentity;
import io.pgsync.core.checkpoint.PlacementStore;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.handover.WorkLog;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.LinkedTables;
import io.pgsync.runtime.source.LinkedTables.Linked;
import io.pgsync.runtime.source.Resources;
import io.pgsync.runtime.source.SlotOwnership;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Removes what {@link Bootstrap} created, except the indexes. What is gone already is skipped. */
public final class TearDown {
    private static final Logger log = LoggerFactory.getLogger(TearDown.class);

    private final SyncStateStore states;
    private final PlacementStore placements;
    private final Function<Database, Mono<Void>> leases;
    private final Function<Database, Mono<Boolean>> proofs;
    private final Function<Database, SourceServer> servers;

    public TearDown(Resources resources) {
        this(
                resources.states(),
                resources.placements(),
                database -> database.leaseName()
                        .flatMap(resources.leases()::delete)
                        .then(Mono.defer(() -> removeLog(resources, database))),
                database -> proof(new SlotOwnership(resources.config().names(), resources.states()), database),
                database -> new SourceServer.Postgres(database.connections()));
    }

    /**
     * {@code leases} deletes the lease of a slot, and its log of work. {@code proofs} fail if the slot does not belong to the file, or not to it alone; otherwise they tell whether the
     * publication does.
     */
    TearDown(
            SyncStateStore states,
            PlacementStore placements,
            Function<Database, Mono<Void>> leases,
            Function<Database, Mono<Boolean>> proofs,
            Function<Database, SourceServer> servers) {
        this.states = states;
        this.placements = placements;
        this.leases = leases;
        this.proofs = proofs;
        this.servers = servers;
    }

    private static Mono<Void> removeLog(Resources resources, Database database) {
        return Mono.justOrEmpty(resources.workLog(database)).flatMap(WorkLog::remove);
    }

    private static Mono<Boolean> proof(SlotOwnership ownership, Database database) {
        return ownership.proveSole(database).then(Mono.defer(() -> ownership.ownsPublication(database)));
    }

    public Mono<Void> run(List<Database> databases) {
        return Flux.fromIterable(databases).concatMap(this::tearDown).then();
    }

    private Mono<Void> tearDown(Database database) {
        // The states last: as long as there is one, a second try can find out what is left.
        return proofs.apply(database)
                .flatMap(ours -> SourceSetup.tearDown(servers.apply(database), database.names(), ours))
                .then(Mono.defer(() -> leases.apply(database)))
                .thenMany(Flux.fromIterable(database.indexes()))
                .concatMap(states::delete)
                .thenMany(Flux.fromIterable(Set.copyOf(database.documents().values())))
                .concatMap(placements::delete)
                .then(Mono.fromRunnable(() -> tellIdentities(database)));
    }

    /** They stay, because others may rely on them by now. */
    private static void tellIdentities(Database database) {
        List<String> altered = LinkedTables.of(database.trees()).stream()
                .map(Linked::table)
                .filter(table -> table.replicaIdentity() == ReplicaIdentity.FULL
                        || table.replicaIdentity() == ReplicaIdentity.UNIQUE_INDEX)
                .map(table -> table.name().toString())
                .toList();
        if (!altered.isEmpty()) {
            log.info("The replica identities of these tables stay as they are: {}", String.join(", ", altered));
        }
    }
}
