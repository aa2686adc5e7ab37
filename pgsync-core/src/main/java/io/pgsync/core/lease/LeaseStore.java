package io.pgsync.core.lease;

import java.util.Optional;
import reactor.core.publisher.Mono;

/** Port: keeps one {@link Lease} per name beside the states, written by compare-and-set. */
public interface LeaseStore {
    /** The lease of a name; an empty Optional if there is none. */
    Mono<Optional<StoredLease>> load(String name);

    /**
     * Replaces {@code expected}, or creates the lease if nothing is expected. Gives what is there afterwards: {@code next}, or what somebody
     * else wrote since {@code expected} was loaded. A lease that was deleted meanwhile is created anew.
     */
    Mono<StoredLease> replace(Optional<StoredLease> expected, Lease next);

    /** Deletes a lease, unless somebody else wrote it since it was stored. */
    Mono<Void> delete(StoredLease stored);

    /** Deletes the lease of a name, whoever has it; does nothing if there is none. */
    Mono<Void> delete(String name);

    /** {@code revision} belongs to the store; opaque to others. */
    record StoredLease(Lease lease, String revision) {
        /** Whether it is that of {@code session}. */
        public boolean isOf(String session) {
            return lease.session().equals(session);
        }
    }
}
