package io.pgsync.replication.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class WalBufferTest {
    private static final int SIZE = new WalMessage(new byte[1000]).footprint();

    private final WalBuffer buffer = new WalBuffer(100 * SIZE, Runnable::run);
    private final TestPublisher<WalMessage> driver = TestPublisher.create();

    @Test
    void asksTheDriverAheadOfTheSubscriber() {
        driver.flux().subscribe(buffer);

        driver.assertMinRequested(1);
    }

    @Test
    void stopsAskingAtItsBudgetAndGoesOnWhenMessagesAreReleased() {
        var taken = new int[1];
        var received = new int[1];
        Flux.generate(sink -> sink.next(message(received[0]++)))
                .cast(WalMessage.class)
                .subscribe(buffer);
        assertThat(received[0]).isBetween(100, 100 + 16);

        StepVerifier.create(
                        buffer.messages(Schedulers.immediate()).doOnNext(message -> {
                            taken[0]++;
                            buffer.release(message.footprint());
                        }),
                        0)
                .thenRequest(500)
                .expectNextCount(500)
                .thenCancel()
                .verify(Duration.ofSeconds(10));
        assertThat(received[0]).isBetween(500, 500 + 256 + 100 + 16);
    }

    @Test
    void whatIsTakenButNotReleasedCounts() {
        var received = new int[1];
        Flux.generate(sink -> sink.next(message(received[0]++)))
                .cast(WalMessage.class)
                .subscribe(buffer);
        var taken = new ArrayList<WalMessage>();
        buffer.messages(Schedulers.immediate()).subscribe(taken::add);

        assertThat(taken).hasSizeBetween(100, 100 + 16).hasSize(received[0]);

        buffer.release(50L * SIZE);

        assertThat(taken).hasSizeBetween(150, 150 + 16).hasSize(received[0]);
    }

    @Test
    void deliversWhatCameBeforeAFailure() {
        driver.flux().subscribe(buffer);
        driver.next(message(1), message(2)).error(new IllegalStateException("gone"));

        StepVerifier.create(buffer.messages(Schedulers.immediate()).map(message -> (int) message.payload()[0]))
                .expectNext(1, 2)
                .expectErrorMessage("gone")
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void keepsTheDriversStreamWhenTheSubscriberCancels() {
        driver.flux().subscribe(buffer);

        StepVerifier.create(buffer.messages(Schedulers.immediate()))
                .thenCancel()
                .verify(Duration.ofSeconds(10));

        driver.assertWasNotCancelled();
        buffer.discard();
        driver.next(message(1)).complete();
        StepVerifier.create(buffer.ended()).expectComplete().verify(Duration.ofSeconds(10));
    }

    private static WalMessage message(int first) {
        byte[] payload = new byte[1000];
        payload[0] = (byte) first;
        return new WalMessage(payload);
    }
}
