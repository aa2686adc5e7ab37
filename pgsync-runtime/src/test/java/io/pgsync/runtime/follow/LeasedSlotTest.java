package io.pgsync.runtime.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeSource;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.lease.Lease;
import io.pgsync.core.lease.LeasesInMemory;
import io.pgsync.replication.stream.SlotInUseException;
import io.pgsync.runtime.follow.LeasedSlot.Opened;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class LeasedSlotTest {
    private static final String NAME = "pgsync@1";

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final LeasesInMemory leases = new LeasesInMemory();
    private final ReaderInMemory reader = new ReaderInMemory();
    private final AtomicInteger closed = new AtomicInteger();
    private final SlotLease lease = new SlotLease(Mono.just(NAME), leases, reader, time);
    private final LeasedSlot slot = new LeasedSlot(Mono.defer(this::stream), lease, new StandBy(lease, reader, time));

    private Mono<Opened> stream() {
        if (reader.reader.isPresent() && reader.ended.isEmpty()) {
            return Mono.error(new SlotInUseException("In use", new IllegalStateException()));
        }
        reader.ended.clear();
        reader.reader = Optional.of("mine");
        return Mono.just(new Opened(new Stream(), "mine"));
    }

    private final class Stream implements ChangeSource {
        @Override
        public SourcePosition position() {
            return new SourcePosition(new SourceIdentity("1", 1, "shop", "pgsync"), new Lsn(7), new Lsn(9));
        }

        @Override
        public Flux<ChangeEvent> changes() {
            return Flux.never();
        }

        @Override
        public Mono<Void> acknowledge(Lsn end) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> close() {
            return Mono.fromRunnable(() -> {
                closed.incrementAndGet();
                reader.reader = Optional.empty();
            });
        }
    }

    private void anotherFollows() {
        reader.reader = Optional.of("another");
        leases.put(Lease.begun(NAME, "another"));
    }

    @Test
    void aFreeSlotIsFollowedWithALeaseUntilItIsClosed() {
        ChangeSource source = slot.open(Mono.never()).block();
        var keeping = source.keep().subscribe();
        time.advanceTimeBy(Duration.ofSeconds(5));
        assertThat(leases.get(NAME)).map(Lease::session).contains("mine");
        assertThat(leases.get(NAME).orElseThrow().beat()).isPositive();

        keeping.dispose();
        source.close().block();
        assertThat(leases.get(NAME)).isEmpty();
        assertThat(closed).hasValue(1);
    }

    @Test
    void theFirstAttemptTellsThatTheSlotIsInUseAndTheNextOneTakesOver() {
        anotherFollows();
        StepVerifier.create(slot.open(Mono.never())).verifyError(SyncException.class);

        CompletableFuture<ChangeSource> second = slot.open(Mono.never()).toFuture();
        time.advanceTimeBy(Duration.ofSeconds(8));

        assertThat(second).isCompleted();
        assertThat(leases.get(NAME)).map(Lease::session).contains("mine");
    }

    @Test
    void whoIsStoppedWhileItStandsByEndsAtOnceWithNothing() {
        anotherFollows();
        StepVerifier.create(slot.open(Mono.never())).verifyError(SyncException.class);
        Sinks.Empty<Void> stop = Sinks.empty();
        CompletableFuture<ChangeSource> second = slot.open(stop.asMono()).toFuture();
        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(second).isNotDone();

        stop.tryEmitEmpty();
        assertThat(second).isCompletedWithValue(null);
        time.advanceTimeBy(Duration.ofSeconds(60));
        assertThat(reader.ended).isEmpty();
    }

    @Test
    void afterASuccessTheNextAttemptTellsAgain() {
        theFirstAttemptTellsThatTheSlotIsInUseAndTheNextOneTakesOver();
        anotherFollows();

        StepVerifier.create(slot.open(Mono.never())).verifyError(SyncException.class);
    }

    @Test
    void keepingFailsWhenAnotherProcessHasTheLease() {
        ChangeSource source = slot.open(Mono.never()).block();
        CompletableFuture<Void> keeping = source.keep().toFuture();
        leases.put(Lease.begun(NAME, "another"));
        time.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(keeping).isCompletedExceptionally();
        source.close().block();
        assertThat(leases.get(NAME)).map(Lease::session).contains("another");
    }

    @Test
    void aStreamWhoseLeaseCannotBeTakenIsClosed() {
        StepVerifier.create(new LeasedSlot(
                                Mono.defer(() -> {
                                    leases.put(Lease.begun(NAME, "successor"));
                                    return stream();
                                }),
                                lease,
                                new StandBy(lease, reader, time))
                        .open(Mono.never()))
                .verifyError(SyncException.class);

        assertThat(closed).hasValue(1);
    }
}
