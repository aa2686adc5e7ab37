package io.pgsync.replication.replica;

import io.pgsync.core.failure.Finding;
import io.pgsync.replication.connection.ServerIdentity;
import io.pgsync.replication.replica.Replica.Condition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Finds a replica that shows a position, and waits for one within a bound. They take turns. After a wait in vain none is waited for during the
 * same time again, so that replicas that are far behind slow nothing down. Safe from any thread.
 */
public final class Replicas {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final List<Replica> replicas;
    private final Duration patience;
    private final Scheduler timer;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile long waitAgainAt;

    /** {@code patience}: how long a read waits for a replica before it goes to the primary. */
    public Replicas(List<Replica> replicas, Duration patience, Scheduler timer) {
        this.replicas = List.copyOf(replicas);
        this.patience = patience;
        this.timer = timer;
    }

    /** A replica that shows {@code required}; empty if there is none in time. Never fails. */
    Mono<Replica> thatShows(RequiredPosition required) {
        return Mono.defer(() -> {
            long begin = now();
            long end = begin < waitAgainAt ? begin : begin + patience.toMillis();
            return look(required)
                    .repeatWhen(looks -> looks.takeWhile(found -> found == 0 && now() < end && mayCatchUp())
                            .delayElements(BETWEEN_LOOKS, timer))
                    .next()
                    .switchIfEmpty(Mono.fromRunnable(() -> giveUp(end)));
        });
    }

    /** What an examination says of each; {@code primary}: the server that they should follow. Never fails. */
    public Flux<Finding> examine(ServerIdentity primary) {
        return Flux.fromIterable(replicas).concatMap(replica -> replica.examine(primary));
    }

    private long now() {
        return timer.now(TimeUnit.MILLISECONDS);
    }

    private boolean mayCatchUp() {
        return replicas.stream().anyMatch(replica -> replica.seen() == Condition.BEHIND);
    }

    private void giveUp(long end) {
        replicas.stream()
                .filter(replica -> replica.seen() == Condition.BEHIND)
                .forEach(replica -> replica.tell(Condition.BEHIND));
        if (now() >= end && now() >= waitAgainAt) {
            waitAgainAt = now() + patience.toMillis();
        }
    }

    private Mono<Replica> look(RequiredPosition required) {
        return Flux.fromStream(this::inTurn)
                .concatMap(
                        replica -> replica.look(required)
                                .filter(Condition.SHOWS::equals)
                                .map(shows -> replica),
                        1)
                .next();
    }

    private Stream<Replica> inTurn() {
        int first = turn.getAndIncrement();
        return IntStream.range(0, replicas.size())
                .mapToObj(i -> replicas.get(Math.floorMod(first + i, replicas.size())));
    }
}
