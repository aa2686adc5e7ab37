package io.pgsync.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class SyncStateStoreTest {
    private final StatesInMemory states = StatesInMemory.of("shop");

    @Test
    void anUpdateReplacesTheState() {
        update(state -> Mono.just(state.withGeneration(7))).verifyComplete();

        assertThat(states.get("shop").generation()).isEqualTo(7);
    }

    @Test
    void anUpdateThatLosesARaceBuildsOnWhatTheOtherWrote() {
        states.conflicts = 1;
        states.winner = state -> state.withStored(new Lsn(99), Optional.empty());

        update(state -> Mono.just(state.withGeneration(7))).verifyComplete();

        assertThat(states.get("shop").generation()).isEqualTo(7);
        assertThat(states.get("shop").stored()).isEqualTo(new Lsn(99));
    }

    @Test
    void anUpdateGivesUpAfterItsLastTry() {
        states.conflicts = 6;

        update(state -> Mono.just(state.withGeneration(7))).verifyError(StateConflictException.class);

        assertThat(states.written).isEmpty();
        assertThat(states.conflicts).isZero();
    }

    @Test
    void aStateThatIsNotThereIsNotUpdated() {
        StepVerifier.create(states.update("other", state -> Mono.just(state.withGeneration(7)))
                        .then())
                .verifyComplete();

        assertThat(states.written).isEmpty();
    }

    @Test
    void aChangeOfNothingWritesNothing() {
        update(state -> Mono.empty()).verifyComplete();

        assertThat(states.written).isEmpty();
    }

    @Test
    void aChangeThatFailsIsNotTriedAgain() {
        var asked = new AtomicInteger();

        update(state -> {
                    asked.incrementAndGet();
                    return Mono.error(new SyncException(Remedy.STOP, "set aside"));
                })
                .verifyErrorMessage("set aside");

        assertThat(asked).hasValue(1);
    }

    private StepVerifier.LastStep update(Function<SyncState, Mono<SyncState>> change) {
        return StepVerifier.create(states.update("shop", change).then());
    }
}
