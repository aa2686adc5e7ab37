package io.pgsync.runtime.follow;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.lease.Lease;
import io.pgsync.core.lease.LeaseStore.StoredLease;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Waits for a slot that another process follows. PostgreSQL keeps the session of a process that was frozen or cut off until
 * {@code wal_sender_timeout}; this ends it earlier, once the lease shows no life.
 *
 * <p>It counts looks, and not time: a look that a server did not answer starts the count anew, and a pause of this process does not add to it.
 * So an outage that both processes see ends nothing.
 */
final class StandBy {
    /** Looks in a row that find the same beat. */
    static final int LOOKS_WITHOUT_LIFE = 6;

    static final Duration BETWEEN_LOOKS = SlotLease.BEAT;

    /** A session ends when its process looks at its signals. */
    private static final Duration MOMENT = Duration.ofMillis(100);

    private static final int MOST_MOMENTS = 50;

    private static final Logger log = LoggerFactory.getLogger(StandBy.class);

    private final SlotLease lease;
    private final SlotReader slot;
    private final Scheduler timer;

    StandBy(SlotLease lease, SlotReader slot, Scheduler timer) {
        this.lease = lease;
        this.slot = slot;
        this.timer = timer;
    }

    /** What the looks in a row found: the lease of the session that has the slot. */
    private record Sight(Optional<Lease> lease, int looks, boolean isFree) {
        static final Sight NOTHING = new Sight(Optional.empty(), 0, false);
        static final Sight FREE = new Sight(Optional.empty(), 0, true);

        Sight and(Optional<Lease> now) {
            return now.isEmpty() ? NOTHING : new Sight(now, now.equals(lease) ? looks + 1 : 0, false);
        }

        boolean isLifeless() {
            return looks >= LOOKS_WITHOUT_LIFE;
        }
    }

    /** Completes when the slot is free, or will be in a moment. */
    Mono<Void> untilFree() {
        return Flux.interval(Duration.ZERO, BETWEEN_LOOKS, timer)
                .onBackpressureDrop()
                .concatMap(tick -> look(), 1)
                .scan(Sight.NOTHING, (before, found) -> found.isFree() ? found : before.and(found.lease()))
                .filter(sight -> sight.isFree() || sight.isLifeless())
                .next()
                .flatMap(sight -> Mono.justOrEmpty(sight.lease()).flatMap(this::end));
    }

    /** The lease, if it is that of the session that has the slot now; the session of anybody else is left alone. */
    private Mono<Sight> look() {
        return slot.session()
                .flatMap(session -> lease.look()
                        .map(found -> new Sight(
                                found.filter(stored -> stored.isOf(session)).map(StoredLease::lease), 0, false)))
                .defaultIfEmpty(Sight.FREE)
                .onErrorResume(Remedy::passes, away -> Mono.just(Sight.NOTHING));
    }

    private Mono<Void> end(Lease lifeless) {
        log.warn(
                "Slot {}: its session \"{}\" belongs to a process that has shown no life for {} seconds. It is ended, and this process takes over.",
                lifeless.name(),
                lifeless.session(),
                LOOKS_WITHOUT_LIFE * BETWEEN_LOOKS.toSeconds());
        return slot.end(lifeless.session()).then(gone());
    }

    private Mono<Void> gone() {
        return slot.session()
                .hasElement()
                .repeatWhen(looks -> looks.delayElements(MOMENT, timer))
                .takeUntil(isHeld -> !isHeld)
                .take(MOST_MOMENTS)
                .then();
    }
}
