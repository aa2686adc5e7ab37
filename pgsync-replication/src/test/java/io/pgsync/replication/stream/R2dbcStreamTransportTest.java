package io.pgsync.replication.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.r2dbc.postgresql.api.PostgresqlConnectionMetadata;
import io.r2dbc.postgresql.api.PostgresqlReplicationConnection;
import io.r2dbc.postgresql.replication.LogSequenceNumber;
import io.r2dbc.postgresql.replication.ReplicationRequest;
import io.r2dbc.postgresql.replication.ReplicationSlot;
import io.r2dbc.postgresql.replication.ReplicationSlotRequest;
import io.r2dbc.postgresql.replication.ReplicationStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitFailureHandler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/**
 * A moment that a real stream has once in many closes: the driver's timer is sending a status update. It cannot be provoked there, so what
 * the driver does then is done here with the same sink.
 */
class R2dbcStreamTransportTest {
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final Sinks.Many<String> frontend = Sinks.many().unicast().onBackpressureBuffer();

    @Test
    void cutsTheConnectionWhenTheDriverCannotSayThatTheStreamEnds() throws Exception {
        var sending = new CountDownLatch(1);
        var sent = new CountDownLatch(1);
        frontend.asFlux().doOnNext(message -> sending.countDown()).subscribe(message -> await(sent));
        Thread timer = new Thread(() -> frontend.emitNext("status update", EmitFailureHandler.FAIL_FAST));
        timer.start();
        await(sending);

        StepVerifier.create(transport().close()).expectComplete().verify(Duration.ofSeconds(30));

        assertThat(said).containsExactly("Terminate");
        sent.countDown();
        timer.join();
    }

    @Test
    void saysThatTheStreamEndsBeforeItClosesTheConnection() {
        frontend.asFlux().subscribe(said::add);

        StepVerifier.create(transport().close()).expectComplete().verify(Duration.ofSeconds(30));

        assertThat(said).containsExactly("CopyDone", "Terminate");
    }

    private ReplicationTransport transport() {
        return R2dbcStreamTransport.start(
                new Connection(), new Stream(), new WalBuffer(1024, Runnable::run), Schedulers.immediate());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private final class Connection implements PostgresqlReplicationConnection {
        @Override
        public Mono<Void> close() {
            return Mono.fromRunnable(() -> said.add("Terminate"));
        }

        @Override
        public Mono<ReplicationSlot> createSlot(ReplicationSlotRequest request) {
            throw new AssertionError();
        }

        @Override
        public Mono<ReplicationStream> startReplication(ReplicationRequest request) {
            throw new AssertionError();
        }

        @Override
        public PostgresqlConnectionMetadata getMetadata() {
            throw new AssertionError();
        }
    }

    private final class Stream implements ReplicationStream {
        @Override
        public Mono<Void> close() {
            frontend.emitNext("CopyDone", EmitFailureHandler.FAIL_FAST);
            return Mono.never();
        }

        @Override
        public boolean isClosed() {
            return false;
        }

        @Override
        public <T> Flux<T> map(Function<ByteBuf, ? extends T> mapping) {
            return Flux.never();
        }

        @Override
        public LogSequenceNumber getLastReceiveLSN() {
            throw new AssertionError();
        }

        @Override
        public LogSequenceNumber getLastFlushedLSN() {
            throw new AssertionError();
        }

        @Override
        public LogSequenceNumber getLastAppliedLSN() {
            throw new AssertionError();
        }

        @Override
        public void setFlushedLSN(LogSequenceNumber flushed) {}

        @Override
        public void setAppliedLSN(LogSequenceNumber applied) {}
    }
}
