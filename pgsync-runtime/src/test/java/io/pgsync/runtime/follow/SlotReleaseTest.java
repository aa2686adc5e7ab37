package io.pgsync.runtime.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class SlotReleaseTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final AtomicInteger tries = new AtomicInteger();

    @Test
    void theGapIsInTheStateOfEveryIndexOnceTheSlotIsGone() {
        var states = StatesInMemory.of("books", "authors");

        release(states, 1)
                .expectErrorSatisfies(failure -> {
                    assertThat(((SyncException) failure).remedy()).isEqualTo(Remedy.REPAIR);
                    assertThat(failure).hasMessageContaining("Slot pgsync_shop kept 1000 B");
                })
                .verify(PATIENCE);

        assertThat(List.of("books", "authors"))
                .extracting(index -> states.get(index).diverged().map(Diverged::kind))
                .containsOnly(Optional.of(Kind.GAP));
        assertThat(states.get("books").diverged().map(Diverged::from)).contains(new Lsn(10));
    }

    @Test
    void aStreamThatHasNotEndedYetIsWaitedFor() {
        release(StatesInMemory.of("books"), 3)
                .expectErrorMatches(failure -> ((SyncException) failure).remedy() == Remedy.REPAIR)
                .verify(PATIENCE);

        assertThat(tries).hasValue(3);
    }

    @Test
    void whatTheServerRefusesLeavesTheStatesAlone() {
        var states = StatesInMemory.of("books");
        Mono<Void> refused = Mono.error(new SyncException(Remedy.STOP, "no right"));

        StepVerifier.create(
                        new SlotRelease("pgsync_shop", List.of("books"), refused, states).release(Slots.full(1_000)))
                .expectErrorMessage("no right")
                .verify(PATIENCE);

        assertThat(states.get("books").diverged()).isEmpty();
    }

    @Test
    void aRaceForAStateIsTakenUpAgain() {
        var states = StatesInMemory.of("books");
        states.conflicts = 2;

        release(states, 1).expectError(SyncException.class).verify(PATIENCE);

        assertThat(states.get("books").diverged()).isPresent();
    }

    private StepVerifier.FirstStep<Void> release(StatesInMemory states, int lastTry) {
        Mono<Void> drop = Mono.defer(() -> tries.incrementAndGet() < lastTry
                ? Mono.error(new SyncException(Remedy.RETRY, "is active"))
                : Mono.empty());
        var release = new SlotRelease("pgsync_shop", states.indexes(), drop, states);
        return StepVerifier.create(release.release(Slots.full(1_000)));
    }
}
