package io.pgsync.runtime.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.lease.Lease;
import io.pgsync.core.lease.LeaseStore.StoredLease;
import io.pgsync.core.lease.LeasesInMemory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class SlotLeaseTest {
    private static final String NAME = "pgsync@1";

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final LeasesInMemory leases = new LeasesInMemory();
    private final ReaderInMemory slot = new ReaderInMemory();
    private final SlotLease lease = new SlotLease(Mono.just(NAME), leases, slot, time);

    private AtomicReference<StoredLease> taken() {
        slot.reader = Optional.of("mine");
        return new AtomicReference<>(lease.take(Optional.empty(), "mine").block());
    }

    private long beats() {
        return leases.get(NAME).orElseThrow().beat();
    }

    private void pass(long beats) {
        time.advanceTimeBy(SlotLease.BEAT.multipliedBy(beats));
    }

    @Test
    void beatsAsLongAsItIsKept() {
        var kept = lease.keep(taken()).subscribe();
        pass(10);
        long before = beats();
        assertThat(before).isBetween(9L, 11L);

        kept.dispose();
        pass(10);
        assertThat(beats()).isEqualTo(before);
    }

    @Test
    void doesNotBeatWithoutTheSlotOrWhenAServerDoesNotAnswer() {
        CompletableFuture<Void> kept = lease.keep(taken()).toFuture();
        pass(2);
        long before = beats();

        slot.isAway = true;
        pass(5);
        slot.isAway = false;
        slot.reader = Optional.empty();
        pass(5);
        slot.reader = Optional.of("another");
        pass(5);
        assertThat(beats()).isEqualTo(before);

        slot.reader = Optional.of("mine");
        leases.isAway = true;
        pass(5);
        leases.isAway = false;
        pass(5);
        assertThat(beats()).isGreaterThan(before);
        assertThat(kept).isNotDone();
    }

    @Test
    void failsWhenAnotherProcessHasIt() {
        CompletableFuture<Void> kept = lease.keep(taken()).toFuture();
        leases.put(Lease.begun(NAME, "another"));
        pass(2);

        assertThat(kept).isCompletedExceptionally();
        assertThat(leases.get(NAME)).contains(Lease.begun(NAME, "another"));
    }

    @Test
    void isTakenFromAPredecessorButNotFromASuccessor() {
        StoredLease predecessor = leases.put(Lease.begun(NAME, "predecessor"));
        assertThat(lease.take(Optional.of(predecessor), "mine").block().isOf("mine"))
                .isTrue();

        leases.put(Lease.begun(NAME, "successor"));
        StepVerifier.create(lease.take(Optional.of(predecessor), "mine"))
                .verifyErrorMessage("Another pgsync process follows slot pgsync@1 in place of this one");
        assertThat(leases.get(NAME)).contains(Lease.begun(NAME, "successor"));
    }

    @Test
    void isWrittenAnewIfItWasDeleted() {
        lease.keep(taken()).subscribe();
        leases.delete(NAME).block();
        pass(2);

        assertThat(leases.get(NAME)).isPresent();
    }

    @Test
    void dropsOnlyItsOwn() {
        StoredLease mine = taken().get();
        leases.put(Lease.begun(NAME, "another"));
        lease.drop(mine).block();
        assertThat(leases.get(NAME)).isPresent();

        lease.drop(leases.put(mine.lease())).block();
        assertThat(leases.get(NAME)).isEmpty();

        leases.isAway = true;
        StepVerifier.create(lease.drop(mine)).expectComplete().verify(Duration.ofSeconds(5));
    }
}
