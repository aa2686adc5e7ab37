package io.pgsync.kafka.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.handover.Backlog;
import io.pgsync.core.handover.LogLook;
import io.pgsync.core.handover.LogLossException;
import io.pgsync.core.handover.LogPosition;
import io.pgsync.core.handover.OwnedWorkLog;
import io.pgsync.core.handover.RootWork;
import io.pgsync.core.handover.TakenRoot;
import io.pgsync.core.version.ReadVersions;
import io.pgsync.embedded.kafka.KafkaServers;
import io.pgsync.kafka.KafkaSettings;
import io.pgsync.kafka.topic.DeletedTopic;
import io.pgsync.kafka.topic.TopicNames;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class KafkaWorkLogIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final KafkaSettings KAFKA = KafkaSettings.of(KafkaServers.shared());
    private static final int ROOTS = 5_000;

    private final String slot = "slot_" + UUID.randomUUID().toString().replace('-', '_');
    private final KafkaWorkLog log = KafkaWorkLog.of(KAFKA, "pgsync", slot, 3);
    private final TopicNames names = TopicNames.of("pgsync", slot);
    private final List<OwnedWorkLog> owners = new ArrayList<>();
    private final List<Lsn> stored = new CopyOnWriteArrayList<>();
    private long sequence;

    @AfterEach
    void close() {
        owners.forEach(owner -> owner.close().block(PATIENCE));
    }

    private OwnedWorkLog own() {
        OwnedWorkLog owner = log.own(1, stored::add).block(PATIENCE);
        owners.add(owner);
        return owner;
    }

    private OwnedWorkLog begun() {
        OwnedWorkLog owner = own();
        owner.begin(false).block(PATIENCE);
        return owner;
    }

    private RootWork work(OwnedWorkLog owner, int root) {
        long version = ReadVersions.beginOf(owner.generation()) + ++sequence;
        return new RootWork(
                new RootKey("books", List.of("" + root)), "" + root, version, root % 10 == 0, new Lsn(root));
    }

    private void append(OwnedWorkLog owner, int from, int to) {
        Flux.fromStream(IntStream.range(from, to).mapToObj(root -> work(owner, root)))
                .buffer(100)
                .flatMap(owner::append, 4)
                .blockLast(PATIENCE);
    }

    private static List<TakenRoot> take(OwnedWorkLog owner) {
        var taken = new CopyOnWriteArrayList<TakenRoot>();
        owner.taken(false).subscribe(taken::addAll);
        owner.taken(true).subscribe(taken::addAll);
        return taken;
    }

    @Test
    void whatIsStoredIsNotGivenAgainAndTheRestIs() {
        OwnedWorkLog first = begun();
        append(first, 0, ROOTS);
        first.mark(new Lsn(1));
        List<TakenRoot> taken = take(first);
        await().atMost(PATIENCE).until(() -> taken.size() == ROOTS);
        assertThat(taken.stream().map(TakenRoot::root)).doesNotHaveDuplicates();
        taken.stream().filter(root -> !isLate(root)).forEach(TakenRoot::done);
        first.close().block(PATIENCE);
        assertThat(stored).isEmpty();

        List<TakenRoot> again = take(begun());

        // At least those that were not stored, and what lies behind one of them in its partition.
        await().atMost(PATIENCE)
                .until(() -> again.stream().filter(KafkaWorkLogIT::isLate).count() == ROOTS / 100);
        assertThat(again).hasSizeLessThan(ROOTS);
    }

    private static boolean isLate(TakenRoot root) {
        int number = Integer.parseInt(root.root().key().get(0));
        return number >= ROOTS / 2 && number < ROOTS / 2 + ROOTS / 100;
    }

    @Test
    void aPositionIsStoredWhenEverythingBeforeItIs() {
        OwnedWorkLog owner = begun();
        append(owner, 0, 10);
        owner.mark(new Lsn(10));
        append(owner, 10, 20);
        owner.mark(new Lsn(20));
        var settled = owner.settled().toFuture();
        List<TakenRoot> taken = take(owner);
        await().atMost(PATIENCE).until(() -> taken.size() == 20);

        taken.stream()
                .filter(root -> Integer.parseInt(root.root().key().get(0)) < 10)
                .forEach(TakenRoot::done);
        await().atMost(PATIENCE).until(() -> stored.contains(new Lsn(10)));
        assertThat(owner.stored()).isEqualTo(new Lsn(10));
        assertThat(settled).isNotDone();

        taken.forEach(TakenRoot::done);
        await().atMost(PATIENCE).until(settled::isDone);
        await().atMost(PATIENCE).until(() -> owner.stored().equals(new Lsn(20)));
    }

    @Test
    void anOwnerThatWasFollowedRecordsNothing() {
        OwnedWorkLog former = begun();
        former.record(new LogPosition(new Lsn(7), new Lsn(5))).block(PATIENCE);
        OwnedWorkLog owner = begun();

        assertThat(owner.position()).isEqualTo(new LogPosition(new Lsn(7), new Lsn(5)));
        assertThat(owner.generation()).isGreaterThan(former.generation());
        assertThatThrownBy(() ->
                        former.record(new LogPosition(new Lsn(9), new Lsn(9))).block(PATIENCE))
                .isInstanceOfSatisfying(
                        SyncException.class,
                        failure -> assertThat(Remedy.passes(failure)).isTrue());
        assertThat(log.look().block(PATIENCE).position()).isEqualTo(new LogPosition(new Lsn(7), new Lsn(5)));
    }

    /** Somebody who owns nothing sees the same as the owner, and since when. */
    @Test
    void whatWaitsIsToldUntilItIsStored() {
        OwnedWorkLog owner = begun();
        List<TakenRoot> taken = take(owner);
        Instant before = Instant.now();
        append(owner, 1, 101);
        await().atMost(PATIENCE).until(() -> taken.size() == 100);

        Backlog waiting = log.look().block(PATIENCE).backlog();

        // A few records hold no root.
        assertThat(waiting.roots()).isBetween(90L, 99L);
        assertThat(waiting.many()).isBetween(10L, 19L);
        assertThat(waiting.searches()).isBetween(0L, 1L);
        assertThat(waiting.age(before.plusSeconds(3_600)))
                .hasValueSatisfying(age -> assertThat(age).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61)));
        assertThat(owner.backlog().roots()).isBetween(90L, 99L);
        taken.forEach(TakenRoot::done);
        await().atMost(PATIENCE)
                .until(() -> log.look().block(PATIENCE).backlog().isEmpty());
        assertThat(owner.backlog().isEmpty()).isTrue();
    }

    @Test
    void whoOnlyLooksTakesNothingOver() {
        OwnedWorkLog owner = begun();
        log.look().block(PATIENCE);
        log.examine().block(PATIENCE);

        owner.record(new LogPosition(new Lsn(7), new Lsn(5))).block(PATIENCE);
    }

    @Test
    void itsTopicsAreExamined() {
        assertThat(log.examine().block(PATIENCE)).containsExactly(Finding.fine("topics", "the first start makes them"));
        begun();

        // The only broker of the tests has no second copy.
        assertThat(log.examine().block(PATIENCE)).hasSize(4).noneMatch(Finding::isFine);
    }

    @Test
    void aBrokerThatIsAwayIsNamed() {
        var away = KafkaWorkLog.of(KafkaSettings.of("127.0.0.1:1"), "pgsync", slot, 3);

        assertThatThrownBy(() -> away.examine().block(PATIENCE))
                .isInstanceOf(SyncException.class)
                .hasMessage("Kafka at 127.0.0.1:1 has not answered for 10 s");
    }

    @Test
    void beforeItsFirstOwnerNothingIsOnRecord() {
        assertThat(log.look().block(PATIENCE)).isEqualTo(LogLook.NOTHING);
    }

    @Test
    void aTopicThatWasMadeAnewIsALossUntilEverythingIsLoadedAgain() throws Exception {
        storedAndRemoved();
        try (var admin = Admin.create(KAFKA.with(Map.of()))) {
            DeletedTopic.delete(admin, names.fresh());
        }

        assertThat(own().loss()).contains("topic " + names.fresh() + " was deleted and made anew");
        OwnedWorkLog repairing = own();
        repairing.begin(true).block(PATIENCE);
        repairing.close().block(PATIENCE);
        assertThat(own().loss()).isEmpty();
        // How far the former topic was done says nothing of this one.
        goesOn();
    }

    /** It still believes that nothing is stored; meanwhile everything was, and was removed. */
    @Test
    void anOwnerThatWakesAndSetsTheOffsetsBackMakesNoGap() throws Exception {
        storedAndRemoved();
        try (var admin = Admin.create(KAFKA.with(Map.of()))) {
            Map<TopicPartition, OffsetAndMetadata> back = names.partitions(3).stream()
                    .collect(Collectors.toMap(partition -> partition, partition -> new OffsetAndMetadata(0, "")));
            admin.alterConsumerGroupOffsets(names.workers(), back).all().get();
        }

        goesOn();
    }

    /** As brokers do some time after the last process has stopped. */
    @Test
    void offsetsThatTheBrokersForgetAreOnRecord() throws Exception {
        storedAndRemoved();
        try (var admin = Admin.create(KAFKA.with(Map.of()))) {
            admin.deleteConsumerGroups(List.of(names.workers())).all().get();
        }

        goesOn();
    }

    private void storedAndRemoved() throws Exception {
        OwnedWorkLog owner = begun();
        List<TakenRoot> taken = take(owner);
        append(owner, 0, 1_000);
        await().atMost(PATIENCE).until(() -> taken.size() == 1_000);
        taken.forEach(TakenRoot::done);
        await().atMost(PATIENCE).until(() -> owner.backlog().isEmpty());
        owner.record(new LogPosition(new Lsn(7), new Lsn(7))).block(PATIENCE);
        owner.close().block(PATIENCE);
        try (var admin = Admin.create(KAFKA.with(Map.of()))) {
            Map<TopicPartition, RecordsToDelete> everything = names.partitions(3).stream()
                    .collect(Collectors.toMap(partition -> partition, partition -> RecordsToDelete.beforeOffset(-1)));
            admin.deleteRecords(everything).all().get();
        }
    }

    private void goesOn() {
        OwnedWorkLog next = begun();
        List<TakenRoot> taken = take(next);
        append(next, 0, 1);
        await().atMost(PATIENCE).until(() -> taken.size() == 1);
    }

    @Test
    void rootsThatWereRemovedBeforeTheyWereStoredAreALoss() throws Exception {
        OwnedWorkLog owner = begun();
        append(owner, 0, 1_000);
        List<TakenRoot> taken = take(owner);
        await().atMost(PATIENCE).until(() -> taken.size() == 1_000);
        taken.stream().limit(20).forEach(TakenRoot::done);
        owner.close().block(PATIENCE);
        try (var admin = Admin.create(KAFKA.with(Map.of()))) {
            admin.deleteRecords(Map.of(
                            new TopicPartition(names.fresh(), 0), RecordsToDelete.beforeOffset(100),
                            new TopicPartition(names.fresh(), 1), RecordsToDelete.beforeOffset(100),
                            new TopicPartition(names.fresh(), 2), RecordsToDelete.beforeOffset(100)))
                    .all()
                    .get();
        }

        OwnedWorkLog next = own();
        assertThatThrownBy(() -> next.begin(false).block(PATIENCE))
                .isInstanceOf(LogLossException.class)
                .hasMessageContaining("is the next that waits");
        OwnedWorkLog repairing = own();
        repairing.begin(true).block(PATIENCE);
        append(repairing, 0, 1);
        List<TakenRoot> after = take(repairing);
        await().atMost(PATIENCE).until(() -> !after.isEmpty());
    }
}
