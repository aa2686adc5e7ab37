package io.pgsync.core.lease;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Leases in memory. */
public final class LeasesInMemory implements LeaseStore {
    private final Map<String, StoredLease> byName = new ConcurrentHashMap<>();
    private final AtomicInteger revisions = new AtomicInteger();
    /** Whether the store does not answer. */
    public volatile boolean isAway;

    /** Writes as another process does. */
    public StoredLease put(Lease lease) {
        var stored = new StoredLease(lease, Integer.toString(revisions.incrementAndGet()));
        byName.put(lease.name(), stored);
        return stored;
    }

    /** As it is now. */
    public Optional<Lease> get(String name) {
        return Optional.ofNullable(byName.get(name)).map(StoredLease::lease);
    }

    private <T> Mono<T> answer(Supplier<T> answer) {
        return Mono.fromSupplier(() -> {
            if (isAway) {
                throw new SyncException(Remedy.RETRY, "The leases are away");
            }
            return answer.get();
        });
    }

    @Override
    public Mono<Optional<StoredLease>> load(String name) {
        return answer(() -> Optional.ofNullable(byName.get(name)));
    }

    @Override
    public Mono<StoredLease> replace(Optional<StoredLease> expected, Lease next) {
        return answer(() -> {
            StoredLease found = byName.get(next.name());
            return found == null || Objects.equals(found, expected.orElse(null)) ? put(next) : found;
        });
    }

    @Override
    public Mono<Void> delete(StoredLease stored) {
        return answer(() -> byName.remove(stored.lease().name(), stored)).then();
    }

    @Override
    public Mono<Void> delete(String name) {
        return answer(() -> Optional.ofNullable(byName.remove(name))).then();
    }
}
