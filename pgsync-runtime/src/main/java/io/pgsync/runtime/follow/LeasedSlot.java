package io.pgsync.runtime.follow;

import io.pgsync.core.change.ChangeSource;
import io.pgsync.core.lease.LeaseStore.StoredLease;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.slot.SlotSession;
import io.pgsync.replication.stream.ReplicationStream;
import io.pgsync.replication.stream.SlotInUseException;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Resources;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;

/** Opens the stream of a slot with its lease. While another process has the slot, this one stands by. */
final class LeasedSlot {
    private final Mono<Opened> stream;
    private final SlotLease lease;
    private final StandBy standBy;
    private final AtomicBoolean told = new AtomicBoolean();

    /** {@code stream} is opened anew by each subscription. */
    LeasedSlot(Mono<Opened> stream, SlotLease lease, StandBy standBy) {
        this.stream = stream;
        this.lease = lease;
        this.standBy = standBy;
    }

    /** A stream, and the session of the server for it. */
    record Opened(ChangeSource changes, String session) {}

    static LeasedSlot of(Resources resources, Database database) {
        // Connections of its own: the queries of a load must not hold up the sign of life.
        PostgresConnections connections = resources.leaseConnections(database.connections());
        var reader = new SlotReader.OfServer(
                new SlotSession(connections, database.names().slot()));
        var lease = new SlotLease(database.leaseName(), resources.leases(), reader, resources.timer());
        return new LeasedSlot(
                ReplicationStream.open(database.connections(), database.stream())
                        .map(opened -> new Opened(opened, opened.session())),
                lease,
                new StandBy(lease, reader, resources.timer()));
    }

    /**
     * The first attempt in a row fails if the slot is in use, so that everybody learns it and a process that was replaced ends; the next ones
     * wait. Gives nothing if {@code stop} signals while it waits.
     */
    Mono<ChangeSource> open(Mono<Void> stop) {
        return lease.look()
                .flatMap(before -> stream.flatMap(opened -> leased(opened, before)))
                .doOnNext(source -> told.set(false))
                .onErrorResume(
                        SlotInUseException.class,
                        inUse -> told.getAndSet(true)
                                ? standBy.untilFree()
                                        .thenReturn(true)
                                        .takeUntilOther(stop)
                                        .flatMap(free -> open(stop))
                                : Mono.error(inUse));
    }

    /** If the lease cannot be taken, or nobody waits for it any more, the slot is given back. */
    private Mono<ChangeSource> leased(Opened opened, Optional<StoredLease> before) {
        return Mono.usingWhen(
                Mono.just(opened.changes()),
                changes -> lease.take(before, opened.session()).map(taken -> new LeasedSource(changes, lease, taken)),
                changes -> Mono.empty(),
                (changes, failure) -> changes.close(),
                ChangeSource::close);
    }
}
