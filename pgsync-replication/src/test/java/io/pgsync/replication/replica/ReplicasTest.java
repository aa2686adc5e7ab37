package io.pgsync.replication.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.replication.connection.ServerIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class ReplicasTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final ServerInMemory one = new ServerInMemory("one");
    private final ServerInMemory two = new ServerInMemory("two");
    private final Replicas replicas = new Replicas(List.of(one.replica, two.replica), PATIENCE, time);

    private CompletableFuture<Optional<String>> ask(long position) {
        return replicas.thatShows(new RequiredPosition("1", 1, new Lsn(position)))
                .map(Replica::address)
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .toFuture();
    }

    @Test
    void replicasThatShowThePositionTakeTurns() {
        one.replays(100);
        two.replays(100);

        assertThat(List.of(ask(100).join(), ask(90).join(), ask(100).join()))
                .containsExactly(Optional.of("one"), Optional.of("two"), Optional.of("one"));
    }

    @Test
    void oneThatDoesNotIsPassedOver() {
        two.replays(100);

        assertThat(ask(100).join()).contains("two");
        one.isAway = true;
        assertThat(ask(100).join()).contains("two");
    }

    @Test
    void aReadWaitsUntilOneShowsThePosition() {
        var found = ask(100);
        time.advanceTimeBy(PATIENCE.minusSeconds(1));
        one.replays(99);
        time.advanceTimeBy(Duration.ofMillis(100));
        assertThat(found).isNotDone();

        one.replays(100);
        time.advanceTimeBy(Duration.ofMillis(100));
        assertThat(found.join()).contains("one");
    }

    @Test
    void afterAWaitInVainNoReadWaitsForAWhile() {
        var found = ask(100);
        time.advanceTimeBy(PATIENCE.plusSeconds(1));
        assertThat(found.join()).isEmpty();
        assertThat(ask(100)).isCompletedWithValue(Optional.empty());

        one.replays(100);
        assertThat(ask(100).join()).contains("one");
        one.replays(0);
        time.advanceTimeBy(PATIENCE);
        assertThat(ask(100)).isNotDone();
    }

    @Test
    void nobodyWaitsForReplicasThatWillNotCatchUp() {
        one.isAway = true;
        two.state = new ReplicaState(false, "1", 2, new Lsn(500));
        assertThat(ask(100)).isCompletedWithValue(Optional.empty());

        two.state = new ReplicaState(true, "another", 1, new Lsn(500));
        assertThat(ask(100)).isCompletedWithValue(Optional.empty());
    }

    @Test
    void anExaminationTellsWhatHindersReads() {
        one.replays(60);
        two.isAway = true;
        assertThat(examined())
                .containsExactly(
                        "FINE replica one: a standby of the primary, 40 bytes of log behind",
                        "WARNING replica two: it does not answer (away), so documents are read from the primary. Start it, or correct its address");

        one.state = new ReplicaState(false, "1", 1, new Lsn(60));
        two.isAway = false;
        two.state = new ReplicaState(true, "another", 1, new Lsn(60));
        assertThat(examined())
                .containsExactly(
                        "WARNING replica one: it is no standby, so documents are read from the primary. Name a standby of the primary",
                        "PROBLEM replica two: it is a standby of another server, another and not 1. Name a standby of the primary");

        one.state = new ReplicaState(true, "1", 2, new Lsn(60));
        assertThat(examined().get(0)).contains("WARNING", "it is on timeline 2 and the primary on 1");
    }

    private List<String> examined() {
        return replicas.examine(new ServerIdentity("1", 1, 180000, "shop", new Lsn(100)))
                .map(finding -> finding.severity() + " " + finding)
                .collectList()
                .block();
    }

    @Test
    void aStandbyOfAFormerPrimaryShowsNothingHoweverFarItIs() {
        one.state = new ReplicaState(true, "1", 1, new Lsn(500));
        two.isAway = true;

        assertThat(replicas.thatShows(new RequiredPosition("1", 2, new Lsn(100)))
                        .blockOptional())
                .isEmpty();
    }
}
