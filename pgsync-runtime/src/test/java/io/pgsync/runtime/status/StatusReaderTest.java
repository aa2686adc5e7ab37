package io.pgsync.runtime.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.audit.AuditProgress;
import io.pgsync.core.audit.AuditStore;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.handover.Backlog;
import io.pgsync.core.handover.LogLook;
import io.pgsync.core.handover.LogPosition;
import io.pgsync.core.handover.WorkLog;
import io.pgsync.replication.retention.Cause;
import io.pgsync.replication.retention.Retention;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.report.AuditStatus;
import io.pgsync.runtime.report.DatabaseStatus;
import io.pgsync.runtime.report.DocumentStatus;
import io.pgsync.runtime.report.DocumentStatus.Stage;
import io.pgsync.runtime.report.LogStatus;
import io.pgsync.runtime.status.StatusReader.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class StatusReaderTest {
    private static final Duration OVER = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final StatesInMemory states = StatesInMemory.of("books", "authors");
    private final IndexesInMemory indexes = new IndexesInMemory();
    private AuditStore audits = AuditStore.NONE;
    private Optional<WorkLog> log = Optional.empty();
    private Mono<Retention> retention = Mono.just(Looks.retention(Looks.NOON, Looks.slot(10, 7)));

    @Test
    void aLookHasEveryIndexThatWasPrepared() {
        StepVerifier.create(reader("books", "authors", "unknown").look())
                .assertNext(look -> {
                    assertThat(look.states()).containsOnlyKeys("books", "authors");
                    assertThat(look.uuids()).isEqualTo(Map.of("books", "uuid-books", "authors", "uuid-authors"));
                    assertThat(look.engineFailure()).isEmpty();
                })
                .verifyComplete();
    }

    @Test
    void aLookHasWhatTheAuditFound() {
        AuditProgress progress = AuditProgress.start("uuid-books", "f", 3, Looks.NOON);
        audits = new AuditStore() {
            @Override
            public Mono<Optional<AuditProgress>> load(String index) {
                return Mono.just(Optional.of(progress).filter(known -> index.equals("books")));
            }

            @Override
            public Mono<Void> store(String index, AuditProgress unused) {
                return Mono.error(new AssertionError("a look writes nothing"));
            }
        };
        StatusReader reader = reader("books", "authors");

        StepVerifier.create(reader.look())
                .assertNext(look -> assertThat(reader.status(look, look).documents())
                        .extracting(document -> document.audit().map(AuditStatus::position))
                        .containsExactly(Optional.of(Lsn.ZERO), Optional.empty()))
                .verifyComplete();
    }

    @Test
    void thatTheEngineDoesNotAnswerIsPartOfTheResult() {
        states.isAway = true;

        StepVerifier.create(reader("books").look())
                .assertNext(look -> assertThat(look.engineFailure()).contains("state store away"))
                .verifyComplete();
    }

    @Test
    void anEngineThatKeepsSilentIsWaitedForForSomeSeconds() {
        indexes.histories.put("books", Mono.never());

        StepVerifier.withVirtualTime(() -> reader("books").look())
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(4))
                .thenAwait(Duration.ofSeconds(1))
                .assertNext(look -> assertThat(look.engineFailure()).isPresent())
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void thatTheSourceDoesNotAnswerIsAFailure() {
        retention = Mono.error(new SyncException(Remedy.RETRY, "away"));

        StepVerifier.create(reader("books").look()).verifyErrorMessage("away");
    }

    @Test
    void whatIsNotKnownOfOneIndexHidesNoOther() {
        indexes.histories.put("books", Mono.error(new SyncException(Remedy.RETRY, "no shard answers")));
        indexes.histories.put("authors", Mono.just(Map.of("0", "h0")));

        StepVerifier.create(reader("books", "authors").look())
                .assertNext(look ->
                        assertThat(look.histories()).isEqualTo(Map.of("books", Map.of(), "authors", Map.of("0", "h0"))))
                .verifyComplete();
    }

    @Test
    void everyLookButTheFirstIsShownBesideTheOneBefore() {
        var position = new AtomicLong(10);
        retention = Mono.fromSupplier(() ->
                Looks.retention(Looks.NOON.plusSeconds(position.get()), Looks.slot(position.getAndIncrement(), 7)));

        StepVerifier.withVirtualTime(() -> StatusLooks.each(List.of(reader("books"), reader("authors")), OVER))
                .expectSubscription()
                .expectNoEvent(OVER)
                .assertNext(databases -> {
                    assertThat(databases).hasSize(2);
                    assertThat(confirmed(databases)).containsExactly(new Lsn(12), new Lsn(13));
                    assertThat(databases)
                            .allSatisfy(each -> assertThat(each.wal().growth()).isPresent());
                })
                .expectNoEvent(OVER)
                .assertNext(databases -> assertThat(confirmed(databases)).containsExactly(new Lsn(14), new Lsn(15)))
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void aDatabaseIsJudgedIndexByIndex() {
        StatusReader reader = reader("books", "unknown");

        StepVerifier.create(reader.look().map(look -> reader.status(look, look)))
                .assertNext(status -> assertThat(status.documents())
                        .extracting(DocumentStatus::stage)
                        .containsExactly(Stage.LIVE, Stage.NOT_PREPARED))
                .verifyComplete();
    }

    /** The slot was confirmed up to 10; the log still holds what comes after 7. */
    @Test
    void whatWaitsInALogOfWorkIsTold() {
        var waiting = new Backlog(3, 2, 1, Optional.of(Instant.EPOCH));
        log = Optional.of(new LookedLog(Mono.just(new LogLook(new LogPosition(new Lsn(10), new Lsn(7)), waiting))));
        states.isAway = true;

        DatabaseStatus status = status();

        assertThat(status.log()).contains(LogStatus.of(waiting));
        // The slot is free while the engine is away.
        assertThat(status.wal().cause().kind()).isEqualTo(Cause.Kind.BEHIND);
    }

    @Test
    void aLogOfWorkThatIsAwayProvesNothingAgainstTheDocuments() {
        log = Optional.of(new LookedLog(Mono.error(new SyncException(Remedy.RETRY, "no broker"))));

        DatabaseStatus status = status();

        assertThat(status.log()).contains(LogStatus.away("no broker"));
        assertThat(status.wal().cause()).isEqualTo(Cause.LOG_AWAY);
        assertThat(status.documents()).extracting(DocumentStatus::stage).containsExactly(Stage.LIVE);
    }

    private DatabaseStatus status() {
        StatusReader reader = reader("books");
        return reader.look()
                .map(look -> reader.status(look, look))
                .blockOptional()
                .orElseThrow();
    }

    @Test
    void whyTheSlotKeepsLogIsSeenFromBothSides() {
        assertThat(cause()).isEqualTo(Cause.Kind.BEHIND);
        states.put(states.get("books").withBackfill(BackfillProgress.start(true)));
        assertThat(cause()).isEqualTo(Cause.Kind.FIRST_LOAD);
        states.isAway = true;
        assertThat(cause()).isEqualTo(Cause.Kind.ENGINE_AWAY);
    }

    private Cause.Kind cause() {
        return status().wal().cause().kind();
    }

    private static List<Lsn> confirmed(List<DatabaseStatus> databases) {
        return databases.stream()
                .map(each -> each.wal().look().slot().orElseThrow())
                .map(slot -> slot.confirmedFlushLsn().orElseThrow())
                .toList();
    }

    private StatusReader reader(String... names) {
        return new StatusReader(
                new Subject("shop", "slot", List.of(names), Map.of(), new RepairCommand("schema.json", false)),
                Mono.defer(() -> retention),
                states,
                audits,
                indexes,
                Optional.empty(),
                Mono.just(List.of()),
                log);
    }
}
