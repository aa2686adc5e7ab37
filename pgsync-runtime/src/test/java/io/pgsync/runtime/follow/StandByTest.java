package io.pgsync.runtime.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.lease.Lease;
import io.pgsync.core.lease.LeasesInMemory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class StandByTest {
    private static final String NAME = "pgsync@1";
    private static final Duration WITHOUT_LIFE =
            StandBy.BETWEEN_LOOKS.multipliedBy(StandBy.LOOKS_WITHOUT_LIFE).plusMillis(200);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final LeasesInMemory leases = new LeasesInMemory();
    private final ReaderInMemory slot = new ReaderInMemory();
    private final StandBy standBy = new StandBy(new SlotLease(Mono.just(NAME), leases, slot, time), slot, time);

    @BeforeEach
    void theFirstFollows() {
        slot.reader = Optional.of("first");
        leases.put(Lease.begun(NAME, "first"));
    }

    private CompletableFuture<Void> begin() {
        CompletableFuture<Void> free = standBy.untilFree().toFuture();
        time.advanceTimeBy(Duration.ofMillis(1));
        return free;
    }

    private void beat() {
        leases.put(leases.get(NAME).orElseThrow().renewed());
    }

    @Test
    void theSessionOfAProcessThatShowsNoLifeIsEnded() {
        var free = begin();
        time.advanceTimeBy(WITHOUT_LIFE.minus(StandBy.BETWEEN_LOOKS));
        assertThat(slot.ended).isEmpty();

        time.advanceTimeBy(StandBy.BETWEEN_LOOKS);
        assertThat(slot.ended).containsExactly("first");
        assertThat(free).isCompleted();
    }

    @Test
    void aSessionThatLingersIsWaitedFor() {
        slot.lingers = 3;
        var free = begin();
        time.advanceTimeBy(WITHOUT_LIFE);
        assertThat(slot.ended).containsExactly("first");
        assertThat(free).isNotCompleted();

        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(free).isCompleted();
    }

    @Test
    void aProcessThatLivesKeepsItsSession() {
        var free = begin();
        for (int i = 0; i < 50; i++) {
            time.advanceTimeBy(StandBy.BETWEEN_LOOKS.multipliedBy(StandBy.LOOKS_WITHOUT_LIFE - 1));
            beat();
        }

        assertThat(slot.ended).isEmpty();
        assertThat(free).isNotCompleted();
    }

    @Test
    void aSlotThatBecomesFreeIsTakenAtTheNextLook() {
        var free = begin();
        slot.reader = Optional.empty();
        time.advanceTimeBy(StandBy.BETWEEN_LOOKS);

        assertThat(free).isCompleted();
        assertThat(slot.ended).isEmpty();
    }

    @Test
    void theSessionOfSomebodyWithoutALeaseIsLeftAlone() {
        slot.reader = Optional.of("pg_recvlogical");
        var free = begin();
        time.advanceTimeBy(WITHOUT_LIFE.multipliedBy(20));
        leases.delete(NAME).block();
        time.advanceTimeBy(WITHOUT_LIFE.multipliedBy(20));

        assertThat(slot.ended).isEmpty();
        assertThat(free).isNotCompleted();
    }

    @Test
    void anOutageThatBothProcessesSeeIsNoSignOfDeath() {
        begin();
        time.advanceTimeBy(WITHOUT_LIFE.minus(StandBy.BETWEEN_LOOKS));
        leases.isAway = true;
        time.advanceTimeBy(Duration.ofMinutes(5));
        leases.isAway = false;
        slot.isAway = true;
        time.advanceTimeBy(Duration.ofMinutes(5));
        slot.isAway = false;
        time.advanceTimeBy(WITHOUT_LIFE.minus(StandBy.BETWEEN_LOOKS));
        beat();
        time.advanceTimeBy(WITHOUT_LIFE.minus(StandBy.BETWEEN_LOOKS));

        assertThat(slot.ended).isEmpty();
    }

    @Test
    void aSuccessorIsNotTakenForItsPredecessor() {
        begin();
        time.advanceTimeBy(WITHOUT_LIFE.minus(StandBy.BETWEEN_LOOKS));
        slot.reader = Optional.of("second");
        leases.put(Lease.begun(NAME, "second"));
        time.advanceTimeBy(WITHOUT_LIFE.minus(StandBy.BETWEEN_LOOKS));

        assertThat(slot.ended).isEmpty();
    }
}
