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
import reactor.test.scheduler.VirtualTimeScheduler;

class SlotReleaseTest {
    private final StatesInMemory states = StatesInMemory.of("books", "authors");
    private final AtomicInteger tries = new AtomicInteger();

    @Test
    void theGapIsInTheStateOfEveryIndexOnceTheSlotIsGone() {
        released(dropped(1), Remedy.REPAIR, "Slot pgsync_shop kept 1000 B");

        assertThat(List.of("books", "authors"))
                .extracting(index -> states.get(index).diverged().map(Diverged::kind))
                .containsOnly(Optional.of(Kind.GAP));
        assertThat(states.get("books").diverged().map(Diverged::from)).contains(new Lsn(10));
    }

    @Test
    void aStreamThatHasNotEndedYetIsWaitedFor() {
        released(dropped(3), Remedy.REPAIR, "Slot pgsync_shop");

        assertThat(tries).hasValue(3);
    }

    @Test
    void oneThatNeverEndsIsNotWaitedForForEver() {
        released(dropped(Integer.MAX_VALUE), Remedy.RETRY, "is active");

        assertThat(states.written).isEmpty();
    }

    @Test
    void whatTheServerRefusesIsNotTriedAgainAndLeavesTheStatesAlone() {
        Mono<Void> refused = Mono.error(() -> {
            tries.incrementAndGet();
            return new SyncException(Remedy.STOP, "no right");
        });

        released(refused, Remedy.STOP, "no right");

        assertThat(tries).hasValue(1);
        assertThat(states.written).isEmpty();
    }

    @Test
    void aRaceForAStateIsTakenUpAgain() {
        states.conflicts = 2;

        released(dropped(1), Remedy.REPAIR, "Slot pgsync_shop");

        assertThat(states.get("books").diverged()).isPresent();
    }

    @Test
    void withoutARecordTheMissingSlotSaysEnough() {
        states.isAway = true;
        released(dropped(1), Remedy.REPAIR, "Slot pgsync_shop");

        var silent = new StatesInMemory() {
            @Override
            public Mono<Optional<StoredState>> load(String index) {
                return Mono.never();
            }
        };
        released(dropped(1), silent, Remedy.REPAIR, "Slot pgsync_shop");
    }

    private void released(Mono<Void> drop, Remedy remedy, String words) {
        released(drop, states, remedy, words);
    }

    private static void released(Mono<Void> drop, StatesInMemory states, Remedy remedy, String words) {
        var time = VirtualTimeScheduler.getOrSet();
        try {
            var release = new SlotRelease("pgsync_shop", List.of("books", "authors"), drop, states);
            var end = release.release(Slots.full(1_000)).toFuture();
            time.advanceTimeBy(Duration.ofMinutes(2));

            assertThat(end).isCompletedExceptionally();
            Throwable failure = end.handle((done, known) -> known).join();
            assertThat(((SyncException) failure).remedy()).isEqualTo(remedy);
            assertThat(failure).hasMessageContaining(words);
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    /** Not before the last try. */
    private Mono<Void> dropped(int lastTry) {
        return Mono.defer(() -> tries.incrementAndGet() < lastTry
                ? Mono.error(new SyncException(Remedy.RETRY, "is active"))
                : Mono.empty());
    }
}
