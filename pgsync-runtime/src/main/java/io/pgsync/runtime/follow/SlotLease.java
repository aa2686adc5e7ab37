package io.pgsync.runtime.follow;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.lease.Lease;
import io.pgsync.core.lease.LeaseStore;
import io.pgsync.core.lease.LeaseStore.StoredLease;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The lease of one slot, as its follower keeps it. It gives no right: the right to follow is the slot itself, and the right to write is the
 * generation. It only shows that the follower lives, to a process that stands by.
 */
final class SlotLease {
    static final Duration BEAT = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(SlotLease.class);
    /** A beat that takes longer is as good as none. */
    private static final Duration LONGEST_BEAT = Duration.ofSeconds(5);

    private final Mono<String> name;
    private final LeaseStore store;
    private final SlotReader slot;
    private final Scheduler timer;

    /** {@code name}: that of the lease, at each subscription. */
    SlotLease(Mono<String> name, LeaseStore store, SlotReader slot, Scheduler timer) {
        this.name = name;
        this.store = store;
        this.slot = slot;
        this.timer = timer;
    }

    /** As it is now; an empty Optional if there is none. */
    Mono<Optional<StoredLease>> look() {
        return name.flatMap(store::load);
    }

    /**
     * Takes the lease for a session that has the slot. {@code before}: the lease before the session had it, so that a process that was held up
     * in between does not take it from its successor.
     */
    Mono<StoredLease> take(Optional<StoredLease> before, String session) {
        return name.flatMap(known -> store.replace(before, Lease.begun(known, session)))
                .flatMap(now -> ownOr(now, session));
    }

    /** Renews the lease every second until it is cancelled; fails if another process has taken it. {@code held}: as it was last written. */
    Mono<Void> keep(AtomicReference<StoredLease> held) {
        return Flux.interval(BEAT, timer)
                .onBackpressureDrop()
                // One at a time: each is written over the one before.
                .concatMap(tick -> beat(Objects.requireNonNull(held.get())).doOnNext(held::set), 1)
                .then();
    }

    /**
     * Nothing, if the session has lost the slot or a server does not answer: then another process may do better. What ends the run is the
     * stream's own failure.
     */
    private Mono<StoredLease> beat(StoredLease held) {
        String session = held.lease().session();
        return slot.session()
                .filter(session::equals)
                .flatMap(ours -> store.replace(Optional.of(held), held.lease().renewed()))
                .timeout(LONGEST_BEAT, timer)
                .onErrorResume(failure -> {
                    log.debug("The lease was not renewed: {}", failure.toString());
                    return Mono.empty();
                })
                .flatMap(now -> ownOr(now, session));
    }

    private static Mono<StoredLease> ownOr(StoredLease now, String session) {
        return now.isOf(session)
                ? Mono.just(now)
                : Mono.error(() -> new SyncException(
                        Remedy.RETRY,
                        "Another pgsync process follows slot %s in place of this one"
                                .formatted(now.lease().name())));
    }

    /** Gives the lease up. Never fails: one that nobody renews tells the same. */
    Mono<Void> drop(StoredLease held) {
        return store.delete(held).timeout(LONGEST_BEAT, timer).onErrorResume(failure -> {
            log.debug("The lease was not deleted: {}", failure.toString());
            return Mono.empty();
        });
    }
}
