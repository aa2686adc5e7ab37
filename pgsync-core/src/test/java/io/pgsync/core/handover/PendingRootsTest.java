package io.pgsync.core.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.affected.AffectedRoots;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.InOrderAcknowledger;
import io.pgsync.core.checkpoint.InOrderAcknowledger.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class PendingRootsTest {
    private final InOrderAcknowledger acknowledger = new InOrderAcknowledger();
    private final Part part = acknowledger.begin(Optional.empty(), Optional.of(new Lsn(1)));
    private final PendingRoots pending = new PendingRoots(List.of("a", "b"), 10, 4);
    private final Batches batches = new Batches();

    @Test
    void aReaderThatIsFreeTakesAtOnceWhateverIsThere() {
        subscribe(2);

        add(few("a", 1));
        add(few("a", 2, 3));

        assertThat(batches.taken()).containsExactly("a[1]", "a[2, 3]");
    }

    /** A free reader would else take the first of them alone. */
    @Test
    void rootsThatALogGivesTogetherAreTakenTogether() {
        subscribe(3);
        var stored = new ArrayList<String>();

        pending.add(List.of(taken("a", 1, stored), taken("b", 2, stored), taken("a", 3, stored)), false)
                .block();

        assertThat(batches.taken()).containsExactlyInAnyOrder("a[1, 3]", "b[2]");
        assertThat(stored).isEmpty();
        batches.received.forEach(RootBatch::stored);
        assertThat(stored).containsExactlyInAnyOrder("a1", "b2", "a3");
        assertThat(pending.add(List.of(), true).toFuture()).isCompleted();
    }

    private static TakenRoot taken(String index, int key, List<String> stored) {
        return new TakenRoot(roots(index, key).get(0), key, () -> stored.add(index + key));
    }

    @Test
    void rootsThatWaitGoTogetherUpToTheSizeOfABatch() {
        subscribe(0);
        add(few("a", 1, 2));
        add(few("a", 3, 4, 5));

        batches.request(2);

        assertThat(batches.taken()).containsExactly("a[1, 2, 3, 4]", "a[5]");
    }

    @Test
    void aRootThatManyChangesAffectWaitsOnceAndFinishesThemAll() {
        Part other = acknowledger.begin(Optional.empty(), Optional.of(new Lsn(2)));
        subscribe(0);
        add(few("a", 1));
        pending.add(part, few("a", 1)).block();
        pending.add(other, few("a", 1)).block();
        part.done();
        other.done();

        batches.request(1);
        assertThat(batches.taken()).containsExactly("a[1]");
        assertThat(acknowledger.stored()).isEqualTo(Lsn.ZERO);
        batches.received.get(0).stored();

        assertThat(acknowledger.stored()).isEqualTo(new Lsn(2));
    }

    @Test
    void addingWaitsForRoomAndGoesOnWhenThereIs() {
        subscribe(0);
        add(few("a", IntStream.range(0, 10).toArray()));
        AtomicInteger admitted = add(few("a", 10));
        assertThat(admitted).hasValue(0);

        batches.request(1);

        assertThat(admitted).hasValue(1);
    }

    @Test
    void oneRootThatChangesWithoutEndFillsTheRoomToo() {
        subscribe(0);
        int admitted = 0;
        for (int window = 0; window < 100; window++) {
            Part next = acknowledger.begin(Optional.empty(), Optional.empty());
            var heard = new AtomicInteger();
            pending.add(next, few("a", 1)).subscribe(null, null, heard::incrementAndGet);
            admitted += heard.get();
        }

        assertThat(admitted).isEqualTo(10);
    }

    @Test
    void rootsOfASmallChangeOvertakeThoseOfALargeOne() {
        subscribe(0);
        add(many("a", 1, 2, 3, 4, 5, 6));
        add(few("a", 7));

        batches.request(2);

        assertThat(batches.taken()).containsExactly("a[7]", "a[1, 2, 3, 4]");
    }

    @Test
    void rootsOfALargeChangeAreNotHeldUpWithoutEnd() {
        subscribe(0);
        add(many("a", 100));
        for (int i = 0; i < 8; i++) {
            add(few("a", i));
            batches.request(1);
        }

        assertThat(batches.taken()).contains("a[100]");
    }

    @Test
    void indexesTakeTurns() {
        subscribe(0);
        add(few("a", 1, 2, 3, 4, 5, 6, 7, 8));
        add(few("b", 1));

        batches.request(2);

        assertThat(batches.taken()).containsExactly("a[1, 2, 3, 4]", "b[1]");
    }

    @Test
    void endsWhenItIsClosedAndAllIsTaken() {
        subscribe(0);
        add(few("a", IntStream.range(0, 12).toArray()));
        add(few("a", 20));
        pending.close();

        batches.request(3);
        assertThat(batches.completed).isFalse();
        batches.request(10);

        assertThat(batches.completed).isTrue();
        assertThat(batches.taken()).hasSize(4).last().isEqualTo("a[20]");
    }

    @Test
    void anEmptyOneEndsAtOnce() {
        subscribe(0);

        pending.close();

        assertThat(batches.completed).isTrue();
    }

    @Test
    void noRootIsLostBetweenThreads() {
        var received = new AtomicInteger();
        var shared = new PendingRoots(List.of("a"), 50, 7);
        Mono<Void> reading = shared.batches()
                .flatMap(
                        batch -> Mono.fromRunnable(() -> {
                                    received.addAndGet(batch.roots().size());
                                    batch.stored();
                                })
                                .subscribeOn(Schedulers.parallel()),
                        3)
                .then();

        Mono<Void> writing = Flux.range(0, 3_000)
                .flatMap(
                        i -> Mono.defer(() -> {
                                    Part own = acknowledger.begin(Optional.empty(), Optional.empty());
                                    var roots = i % 3 == 0 ? many("a", i, i + 10_000) : few("a", i);
                                    return shared.add(own, roots).then(Mono.fromRunnable(own::done));
                                })
                                .subscribeOn(Schedulers.parallel()),
                        8)
                .then(Mono.fromRunnable(shared::close));
        Mono.when(reading, writing).block(Duration.ofSeconds(20));

        assertThat(received).hasValue(4_000);
        part.done();
        assertThat(acknowledger.kept()).isZero();
    }

    private void subscribe(int requested) {
        pending.batches().subscribe(batches);
        if (requested > 0) {
            batches.request(requested);
        }
    }

    private AtomicInteger add(AffectedRoots roots) {
        var admitted = new AtomicInteger();
        pending.add(part, roots).subscribe(null, null, admitted::incrementAndGet);
        return admitted;
    }

    private static AffectedRoots few(String index, int... keys) {
        return new AffectedRoots(roots(index, keys), false);
    }

    private static AffectedRoots many(String index, int... keys) {
        return new AffectedRoots(roots(index, keys), true);
    }

    private static List<RootKey> roots(String index, int... keys) {
        return IntStream.of(keys)
                .mapToObj(key -> new RootKey(index, List.of(Integer.toString(key))))
                .toList();
    }

    private static final class Batches extends BaseSubscriber<RootBatch> {
        private final List<RootBatch> received = new ArrayList<>();
        private boolean completed;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // Asked for by the tests.
        }

        @Override
        protected void hookOnNext(RootBatch batch) {
            received.add(batch);
        }

        @Override
        protected void hookOnComplete() {
            completed = true;
        }

        List<String> taken() {
            return received.stream()
                    .map(batch -> batch.index()
                            + batch.keys().stream()
                                    .map(root -> root.key().get(0))
                                    .toList())
                    .toList();
        }
    }
}
