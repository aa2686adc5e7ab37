package io.pgsync.replication.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeEvent.Commit;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.embedded.postgres.EmbeddedPostgres;
import io.pgsync.replication.TestDatabase;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class ReplicationStreamIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SENDER_TIMEOUT = Duration.ofSeconds(2);
    private static EmbeddedPostgres server;

    private TestDatabase database;
    private StreamSettings settings;
    private String slot;

    @BeforeAll
    static void startServer() {
        server = EmbeddedPostgres.builder()
                .setting("wal_sender_timeout", SENDER_TIMEOUT.toMillis() + "ms")
                // The lower half of its positions has the highest bit set, and overflows when some are through.
                .walStart(Lsn.parse("7/FC000000"))
                .start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void createTable() {
        database = TestDatabase.on(server);
        database.execute("CREATE TABLE book (id int PRIMARY KEY, title text)");
        slot = database.connections().settings().database();
        database.publishAll(slot, "publish_via_partition_root = true");
        settings = new StreamSettings(slot, slot, 1 << 20);
    }

    @AfterEach
    void dropSlot() {
        await().atMost(PATIENCE).until(() -> "false".equals(ofSlot("active")));
        database.ask("SELECT pg_drop_replication_slot('" + slot + "')");
        database.close();
    }

    @Test
    void staysAliveAndSmallWhileItsSubscriberStalls() {
        insertInTransactionsOfAThousand(60);
        ReplicationStream stream = open();
        var subscriber = new StallingSubscriber();
        stream.changes().doOnNext(event -> stream.release(event.footprint())).subscribe(subscriber);
        subscriber.request(10);
        await().atMost(PATIENCE).until(() -> subscriber.received.get() == 10);

        // Far past the time after which the server drops a silent client, most of the log is still unsent.
        await().during(SENDER_TIMEOUT.multipliedBy(3))
                .atMost(PATIENCE)
                .until(() -> "true"
                        .equals(database.ask("SELECT pg_current_wal_lsn() - sent_lsn > 30 * 1024 * 1024"
                                + " FROM pg_stat_replication JOIN pg_replication_slots ON active_pid = pid")));
        subscriber.request(Long.MAX_VALUE);

        await().atMost(PATIENCE).until(() -> subscriber.received.get() == 60 * 1_002 + 1);
        assertThat(subscriber.failure.get()).isNull();
        stream.close().block(PATIENCE);
    }

    @Test
    void givesNoMoreRowsThanItsBudgetUntilTheyAreReleased() {
        int rowBytes = 100_000;
        database.execute(
                "INSERT INTO book SELECT i, repeat('x', %d) FROM generate_series(1, 100) i".formatted(rowBytes));
        ReplicationStream stream = open();
        var kept = new AtomicLong();
        var most = new AtomicLong();
        var taken = new ConcurrentLinkedQueue<ChangeEvent>();
        // As the stages do that wait for a fence: whatever there is, they take.
        stream.changes()
                .doOnNext(event -> most.accumulateAndGet(kept.addAndGet(event.footprint()), Math::max))
                .subscribe(taken::add);
        await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> kept.get() >= settings.bufferBytes());
        assertThat(kept.get()).isLessThan(settings.bufferBytes() + 17L * rowBytes);

        await().atMost(PATIENCE).until(() -> {
            for (ChangeEvent event = taken.poll(); event != null; event = taken.poll()) {
                kept.addAndGet(-event.footprint());
                stream.release(event.footprint());
                if (event instanceof Commit) {
                    return true;
                }
            }
            return false;
        });

        assertThat(most.get()).isLessThan(settings.bufferBytes() + 17L * rowBytes);
        stream.close().block(PATIENCE);
    }

    @Test
    void resumesBehindTheAcknowledgedPosition() {
        database.execute("INSERT INTO book VALUES (1)", "INSERT INTO book VALUES (2)", "INSERT INTO book VALUES (3)");
        ReplicationStream first = open();
        Commit second = first.changes().ofType(Commit.class).take(2).last().block(PATIENCE);
        first.acknowledge(second.endLsn()).block(PATIENCE);
        first.close().block(PATIENCE);

        ReplicationStream next = open();

        assertThat(next.position().confirmed()).isEqualTo(second.endLsn());
        StepVerifier.create(next.changes().map(EventText::of).take(3))
                .expectNext("BEGIN", "RELATION book", "INSERT book (id=3, title=null)")
                .expectComplete()
                .verify(PATIENCE);
        next.close().block(PATIENCE);
    }

    @Test
    void sendsAcknowledgementsWhileItStreams() {
        ReplicationStream stream = open();
        var heartbeat = new Heartbeat(database.connections(), "token");

        Lsn emitted = heartbeat.emit().block(PATIENCE);
        stream.changes()
                .takeUntil(Commit.class::isInstance)
                .ofType(Commit.class)
                .concatMap(commit -> stream.acknowledge(commit.endLsn()))
                .blockLast(PATIENCE);

        assertThat(stream.acknowledged()).isGreaterThan(emitted);
        await().atMost(Duration.ofSeconds(5)).until(() -> confirmed().equals(stream.acknowledged()));
        stream.close().block(PATIENCE);
    }

    @Test
    void refusesAnAcknowledgementThatStepsBack() {
        ReplicationStream stream = open();
        Lsn position = stream.position().confirmed();

        StepVerifier.create(stream.acknowledge(position)
                        .then(stream.acknowledge(position))
                        .then(stream.acknowledge(new Lsn(position.value() - 1))))
                .expectError(IllegalArgumentException.class)
                .verify(PATIENCE);
        stream.close().block(PATIENCE);
    }

    @Test
    void closeFreesTheSlotInTheMidstOfABacklog() {
        insertInTransactionsOfAThousand(30);
        ReplicationStream stream = open();
        stream.changes().take(5).blockLast(PATIENCE);

        stream.close().block(Duration.ofSeconds(5));

        await().atMost(Duration.ofSeconds(2)).until(() -> "false".equals(ofSlot("active")));
    }

    @Test
    void reportsALostConnectionAsPassing() {
        ReplicationStream stream = open();

        StepVerifier.create(stream.changes())
                .then(() -> database.ask(
                        "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '" + slot
                                + "'"))
                .expectErrorSatisfies(failure -> assertFailure(failure, Remedy.RETRY, "'" + slot + "'", "57P01"))
                .verify(PATIENCE);
        stream.close().block(PATIENCE);
    }

    @Test
    void reportsALostConnectionThoughNobodyAsksForChanges() {
        ReplicationStream stream = open();
        String pid = ofSlot("active_pid");

        StepVerifier.create(stream.changes(), 0)
                .expectSubscription()
                .then(() -> database.ask("SELECT pg_terminate_backend(" + pid + ")"))
                .expectErrorSatisfies(failure -> assertFailure(failure, Remedy.RETRY, slot))
                .verify(PATIENCE);
        stream.close().block(PATIENCE);
    }

    @Test
    void reportsABusySlotWithTheProcessThatHoldsIt() {
        ReplicationStream holder = open();
        String pid = ofSlot("active_pid");

        assertFailure(openFailure(settings), Remedy.RETRY, "'" + slot + "'", "PID " + pid);
        holder.close().block(PATIENCE);
    }

    @Test
    void reportsAMissingSlotAsAGap() {
        assertFailure(
                openFailure(new StreamSettings("no_such_slot", slot)), Remedy.REPAIR, "'no_such_slot'", "loaded again");
    }

    @Test
    void givesItsPosition() {
        ReplicationStream stream = open();

        assertThat(stream.position().identity().slot()).isEqualTo(slot);
        assertThat(stream.position().identity().timeline()).isEqualTo(1);
        assertThat(stream.position().identity().systemIdentifier())
                .isEqualTo(database.ask("SELECT system_identifier FROM pg_control_system()"));
        assertThat(stream.position().confirmed()).isEqualTo(confirmed());
        stream.close().block(PATIENCE);
    }

    private ReplicationStream open() {
        return ReplicationStream.open(database.connections(), settings).block(PATIENCE);
    }

    private Throwable openFailure(StreamSettings other) {
        return ReplicationStream.open(database.connections(), other)
                .map(stream -> (Throwable) new AssertionError("opened"))
                .onErrorResume(Mono::just)
                .block(PATIENCE);
    }

    private String ofSlot(String expression) {
        return database.ask("SELECT " + expression + " FROM pg_replication_slots WHERE slot_name = '" + slot + "'");
    }

    private void insertInTransactionsOfAThousand(int transactions) {
        database.execute("""
                DO $$ BEGIN
                  FOR n IN 0..%d LOOP
                    INSERT INTO book SELECT n * 1000 + i, repeat('x', 1000) FROM generate_series(1, 1000) i;
                    COMMIT;
                  END LOOP;
                END $$""".formatted(transactions - 1));
    }

    private Lsn confirmed() {
        return Lsn.parse(
                database.ask("SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '" + slot + "'"));
    }

    private static void assertFailure(Throwable failure, Remedy remedy, String... words) {
        assertThat(failure).isInstanceOf(SyncException.class).hasMessageContainingAll(words);
        assertThat(((SyncException) failure).remedy()).isEqualTo(remedy);
    }

    /** Asks for nothing by itself. */
    private static final class StallingSubscriber extends BaseSubscriber<ChangeEvent> {
        private final AtomicInteger received = new AtomicInteger();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        @Override
        protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {}

        @Override
        protected void hookOnNext(ChangeEvent event) {
            received.incrementAndGet();
        }

        @Override
        protected void hookOnError(Throwable error) {
            failure.set(error);
        }
    }
}
