package io.pgsync.core.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class ReadVersionsTest {
    private static final Reach ANY = Reach.wholeOf("shop");

    private final ReadVersions reads = new ReadVersions(3);

    @Test
    void versionsCarryTheGenerationAndNeverRepeat() {
        Flux<Long> read = reads.during(ANY, Mono::just);

        List<Long> versions = Flux.concat(read, read, read).collectList().block();

        long third = (1L << 62) + (3L << 36);
        assertThat(versions).containsExactly(third + 16, third + 32, third + 48);
        assertThat(versions)
                .allSatisfy(version ->
                        assertThat(ReadVersions.generationOf(version)).isEqualTo(3));
    }

    @Test
    void aLaterGenerationOutranksEveryReadOfAnEarlierOne() {
        long last = reads.during(ANY, Mono::just).repeat(1_000).blockLast();
        long next = new ReadVersions(4).during(ANY, Mono::just).blockLast();

        assertThat(next).isGreaterThan(last);
    }

    @Test
    void aGenerationThatWouldOverflowIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ReadVersions(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new ReadVersions(ReadVersions.LAST_GENERATION + 1));
        assertThat(new ReadVersions(ReadVersions.LAST_GENERATION)
                        .during(ANY, Mono::just)
                        .blockLast())
                .isPositive();
    }

    /** What a release before wrote: {@code generation << 44 | sequence}, and in routed indexes twice that and one. */
    @ParameterizedTest
    @CsvSource({"262143, 1, 0", "131071, 2, 1"})
    void theFirstReadOutranksWhatReleasesBeforeWrote(long generation, int factor, int more) {
        long greatest = factor * (generation << 44 | (1L << 44) - 1) + more;

        assertThat(new ReadVersions(1).during(ANY, Mono::just).blockLast()).isGreaterThan(greatest);
        assertThat(ReadVersions.generationOf(greatest)).isZero();
    }

    @Test
    void aFewWritesOfOthersDoNotOutrankTheNextRead() {
        long version = reads.during(ANY, Mono::just).blockLast();

        assertThat(reads.during(ANY, Mono::just).blockLast()).isEqualTo(version + 16);
    }

    @Test
    void nothingUnderWayIsSettledAtOnce() {
        StepVerifier.create(reads.settled()).verifyComplete();
    }

    @Test
    void settlesWhenAllReadsBegunBeforeAreEndedInWhateverOrder() {
        var open = List.of(read(), read(), read());
        var settled = listen(reads.settled());

        open.get(1).tryEmitEmpty();
        open.get(0).tryEmitEmpty();
        assertThat(settled).hasValue(0);
        open.get(2).tryEmitEmpty();

        assertThat(settled).hasValue(1);
    }

    @Test
    void doesNotWaitForReadsBegunAfter() {
        var before = read();
        var settled = listen(reads.settled());
        var after = read();
        var settledLater = listen(reads.settled());

        before.tryEmitEmpty();

        assertThat(settled).hasValue(1);
        assertThat(settledLater).hasValue(0);
        after.tryEmitEmpty();
        assertThat(settledLater).hasValue(1);
    }

    @Test
    void countsFromTheSubscription() {
        Mono<Void> settled = reads.settled();
        var open = read();

        var heard = listen(settled);
        assertThat(heard).hasValue(0);
        open.tryEmitEmpty();

        assertThat(heard).hasValue(1);
    }

    @Test
    void whatIsOlderSettlesWhenTheOlderReadsThatMeetItAreEnded() {
        var whole = read(ANY);
        var same = read(Reach.of("shop", Set.of("1", "2")));
        read(Reach.of("shop", Set.of("3")));
        read(Reach.wholeOf("other"));
        var settled = new AtomicInteger();
        reads.during(Reach.of("shop", Set.of("1")), version -> {
                    reads.settledBefore(version, Reach.of("shop", Set.of("1")))
                            .subscribe(null, null, settled::incrementAndGet);
                    return Mono.never();
                })
                .subscribe();
        read(ANY);

        whole.tryEmitEmpty();
        assertThat(settled).hasValue(0);
        same.tryEmitEmpty();

        assertThat(settled).hasValue(1);
    }

    @Test
    void aReadIsOpenBeforeItIsSubmitted() {
        var settled = new ArrayList<AtomicInteger>();

        reads.during(ANY, version -> {
                    settled.add(listen(reads.settled()));
                    return Mono.empty();
                })
                .blockLast();

        assertThat(settled.get(0)).hasValue(1);
    }

    @Test
    void aReadThatFailedOrWasCancelledStaysOpen() {
        var failed = read();
        var cancelled = reads.during(ANY, version -> Mono.never()).subscribe();
        var settled = listen(reads.settled());

        failed.tryEmitError(new IllegalStateException("lost"));
        cancelled.dispose();

        assertThat(settled).hasValue(0);
    }

    @Test
    void aSettledThatNobodyWaitsForIsForgotten() {
        var open = read();
        reads.settled().subscribe().dispose();

        var heard = listen(reads.settled());
        open.tryEmitEmpty();

        assertThat(heard).hasValue(1);
    }

    @Test
    void readsOnManyThreadsGetDistinctVersionsAndSettle() {
        var work = Flux.range(0, 2_000)
                .flatMap(
                        i -> reads.during(ANY, Mono::just)
                                .concatWith(reads.settled().then(Mono.empty()))
                                .subscribeOn(Schedulers.parallel()),
                        16);

        assertThat(work.collectList().block()).hasSize(2_000).doesNotHaveDuplicates();
        StepVerifier.create(reads.settled()).verifyComplete();
    }

    private Sinks.Empty<Void> read() {
        return read(ANY);
    }

    private Sinks.Empty<Void> read(Reach reach) {
        Sinks.Empty<Void> end = Sinks.empty();
        reads.during(reach, version -> end.asMono()).subscribe(ignored -> {}, failure -> {});
        return end;
    }

    private static AtomicInteger listen(Mono<Void> mono) {
        var completed = new AtomicInteger();
        mono.subscribe(null, null, completed::incrementAndGet);
        return completed;
    }
}
