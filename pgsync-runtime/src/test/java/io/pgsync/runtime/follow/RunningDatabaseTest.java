package io.pgsync.runtime.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.audit.AuditStore;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.report.DocumentStatus;
import io.pgsync.runtime.source.Databases;
import io.pgsync.runtime.status.IndexesInMemory;
import io.pgsync.runtime.status.StatusReader;
import io.pgsync.runtime.status.StatusReader.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class RunningDatabaseTest {
    private static final RepairCommand REPAIR = new RepairCommand("schema.json", false);
    private static final Duration POLL = Duration.ofMillis(100);

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final RunReport report = new RunReport("shop", Map.of("books", 10L), REPAIR);
    private final StatesInMemory states = StatesInMemory.of("books");
    private final PositionWaits waits = new PositionWaits(Mono.never(), timer);
    private final AtomicInteger looks = new AtomicInteger();
    private final KeysInMemory keys = new KeysInMemory();
    private final RunningDatabase database =
            new RunningDatabase(Databases.shop("books", "authors"), report, waits, reader(), keys, timer);

    @AfterEach
    void stop() {
        timer.dispose();
    }

    @Test
    void whatWasCommittedBeforeALoadIsReadableWhenTheLoadIsOver() {
        report.resumes("books", BackfillProgress.start(true));
        waits.stored(new Lsn(20));

        StepVerifier.create(database.await(new Lsn(20)))
                .then(() -> timer.advanceTimeBy(POLL.multipliedBy(3)))
                .expectNoEvent(Duration.ZERO)
                .then(() -> report.loaded("books", BackfillProgress.DONE))
                .then(() -> timer.advanceTimeBy(POLL))
                .expectNext(new Lsn(20))
                .verifyComplete();
    }

    @Test
    void withoutALoadTheStoredPositionIsEnough() {
        waits.stored(new Lsn(20));

        StepVerifier.create(database.await(new Lsn(20))).expectNext(new Lsn(20)).verifyComplete();
    }

    @Test
    void onlyTheIndexesOfTheDatabaseAreRefreshed() {
        StepVerifier.create(database.refresh("authors").then(database.refresh("unknown")))
                .verifyComplete();

        assertThat(keys.refreshed).containsExactly("authors");
    }

    @Test
    void ratesAreThoseSinceSomebodyAskedLast() {
        assertThat(perSecond(50)).isZero();
        assertThat(perSecond(70)).isEqualTo(20);
        assertThat(perSecond(75)).isEqualTo(5);
    }

    private double perSecond(long documents) {
        SyncState state = StatesInMemory.state("books", 10);
        states.put(state.withBackfill(BackfillProgress.start(true).loaded(List.of("7"), documents, 0)));
        return database.status()
                .map(status -> status.documents().get(0))
                .map(books -> books.load().map(DocumentStatus.Load::perSecond).orElseThrow())
                .block(Duration.ZERO);
    }

    /** One second passes between two looks. */
    private StatusReader reader() {
        return new StatusReader(
                new Subject("shop", "pgsync", List.of("books"), Map.of(), REPAIR),
                Mono.fromSupplier(() -> Slots.keeping(10, Instant.EPOCH.plusSeconds(looks.incrementAndGet()))),
                states,
                AuditStore.NONE,
                new IndexesInMemory(),
                Optional.empty());
    }
}
