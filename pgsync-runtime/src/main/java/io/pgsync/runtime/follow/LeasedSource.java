package io.pgsync.runtime.follow;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeSource;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.lease.LeaseStore.StoredLease;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The changes of a slot, and its lease. */
final class LeasedSource implements ChangeSource {
    private final ChangeSource stream;
    private final SlotLease lease;
    private final AtomicReference<StoredLease> held;

    LeasedSource(ChangeSource stream, SlotLease lease, StoredLease taken) {
        this.stream = stream;
        this.lease = lease;
        this.held = new AtomicReference<>(taken);
    }

    @Override
    public SourcePosition position() {
        return stream.position();
    }

    @Override
    public Flux<ChangeEvent> changes() {
        return stream.changes();
    }

    @Override
    public void release(long bytes) {
        stream.release(bytes);
    }

    @Override
    public Mono<Void> acknowledge(Lsn end) {
        return stream.acknowledge(end);
    }

    @Override
    public Mono<Void> keep() {
        return lease.keep(held);
    }

    @Override
    public Mono<Void> close() {
        return stream.close().then(Mono.defer(() -> lease.drop(Objects.requireNonNull(held.get()))));
    }
}
