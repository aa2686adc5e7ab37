package io.pgsync.replication.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class SnapshotWaitTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final PgSnapshot RUNNING = new PgSnapshot(10, 20, Set.of(10L, 14L));
    private static final PgSnapshot ONE_LEFT = new PgSnapshot(14, 25, Set.of(14L));
    private static final PgSnapshot ENDED = new PgSnapshot(20, 30, Set.of(25L));

    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void asksUntilASnapshotIsEnough() {
        verify(wait -> wait.until(seen -> seen.sees(10)), RUNNING, RUNNING, ONE_LEFT, ENDED);

        assertThat(asked).hasValue(3);
    }

    @Test
    void aSnapshotIsCoveredWhenAllThatItSeesIsSeen() {
        var earlier = new PgSnapshot(14, 20, Set.of(14L));

        verify(wait -> wait.untilCovers(earlier), RUNNING, ONE_LEFT, ENDED);

        assertThat(asked).hasValue(2);
    }

    @Test
    void whatRanAtTheStartIsWaitedForAndWhatBeganLaterIsNot() {
        verify(SnapshotWait::untilRunningEnd, RUNNING, ONE_LEFT, ENDED, ENDED);

        assertThat(asked).hasValue(3);
    }

    @Test
    void pausesAreShortForAWaitThatGoesOn() {
        StepVerifier.withVirtualTime(() -> wait(RUNNING).until(seen -> false))
                .thenAwait(Duration.ofSeconds(10))
                .thenCancel()
                .verify();

        assertThat(asked).hasValueBetween(60, 220);
    }

    @Test
    void aServerThatCannotBeAskedEndsTheWait() {
        var away = new SnapshotWait(Mono.error(new SyncException(Remedy.RETRY, "away")));

        StepVerifier.create(away.until(seen -> true)).expectErrorMessage("away").verify(PATIENCE);
    }

    private void verify(Function<SnapshotWait, Mono<Void>> waiting, PgSnapshot... answers) {
        StepVerifier.withVirtualTime(() -> waiting.apply(wait(answers)))
                .thenAwait(Duration.ofSeconds(1))
                .expectComplete()
                .verify(PATIENCE);
    }

    /** The last answer is given again and again. */
    private SnapshotWait wait(PgSnapshot... answers) {
        List<PgSnapshot> given = List.of(answers);
        return new SnapshotWait(
                Mono.fromSupplier(() -> given.get(Math.min(asked.getAndIncrement(), given.size() - 1))));
    }
}
