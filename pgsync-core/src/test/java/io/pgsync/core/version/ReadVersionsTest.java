package io.pgsync.core.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class ReadVersionsTest {
    private final ReadVersions reads = new ReadVersions(3);

    @Test
    void versionsCarryTheGenerationAndNeverRepeat() {
        Flux<Long> read = reads.during(Mono::just);

        List<Long> versions = Flux.concat(read, read, read).collectList().block();

        assertThat(versions).containsExactly((3L << 44) + 1, (3L << 44) + 2, (3L << 44) + 3);
    }

    @Test
    void aLaterGenerationOutranksEveryReadOfAnEarlierOne() {
        long last = reads.during(Mono::just).repeat(1_000).blockLast();
        long next = new ReadVersions(4).during(Mono::just).blockLast();

        assertThat(next).isGreaterThan(last);
    }

    @Test
    void aGenerationThatWouldOverflowIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ReadVersions(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new ReadVersions(1L << 19));
        assertThat(new ReadVersions((1L << 19) - 1).during(Mono::just).blockLast())
                .isPositive();
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
    void aReadIsOpenBeforeItIsSubmitted() {
        var settled = new ArrayList<AtomicInteger>();

        reads.during(version -> {
                    settled.add(listen(reads.settled()));
                    return Mono.empty();
                })
                .blockLast();

        assertThat(settled.get(0)).hasValue(1);
    }

    @Test
    void aReadThatFailedOrWasCancelledStaysOpen() {
        var failed = read();
        var cancelled = reads.during(version -> Mono.never()).subscribe();
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
                        i -> reads.during(Mono::just)
                                .concatWith(reads.settled().then(Mono.empty()))
                                .subscribeOn(Schedulers.parallel()),
                        16);

        assertThat(work.collectList().block()).hasSize(2_000).doesNotHaveDuplicates();
        StepVerifier.create(reads.settled()).verifyComplete();
    }

    private Sinks.Empty<Void> read() {
        Sinks.Empty<Void> end = Sinks.empty();
        reads.during(version -> end.asMono()).subscribe(ignored -> {}, failure -> {});
        return end;
    }

    private static AtomicInteger listen(Mono<Void> mono) {
        var completed = new AtomicInteger();
        mono.subscribe(null, null, completed::incrementAndGet);
        return completed;
    }
}
