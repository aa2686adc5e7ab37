package io.pgsync.kafka.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.kafka.record.WorkRecord;
import io.pgsync.kafka.record.WorkRecord.Beat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class NumberedPartitionTest {
    private static final long GENERATION = 5;

    private final MockProducer<byte[], byte[]> brokers =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final NumberedPartition partition =
            new NumberedPartition(brokers, new TopicPartition("fresh", 0), GENERATION, Map.of(4L, 17L));
    private final List<Long> numbers = new ArrayList<>();

    private Mono<Void> send() {
        return Mono.create(sink -> partition.send(null, this::record, new Answers(1, sink)));
    }

    private WorkRecord record(long number) {
        numbers.add(number);
        return new Beat(0, number, Instant.EPOCH);
    }

    @Test
    void countsWhatTheBrokersHave() {
        var first = send().toFuture();
        var second = send().toFuture();
        brokers.completeNext();

        assertThat(first).isCompleted();
        assertThat(second).isNotDone();
        assertThat(partition.acknowledged()).isEqualTo(Map.of(4L, 17L, GENERATION, 1L));
    }

    @Test
    void recordsThatWereSentTogetherAreThereTogether() {
        var both = Mono.<Void>create(sink -> {
                    var answers = new Answers(2, sink);
                    partition.send(null, this::record, answers);
                    partition.send(null, this::record, answers);
                })
                .toFuture();
        brokers.completeNext();
        assertThat(both).isNotDone();

        brokers.completeNext();

        assertThat(both).isCompleted();
        assertThat(Mono.<Void>create(sink -> new Answers(0, sink)).toFuture()).isCompleted();
    }

    /** Its number is missing for ever, so a worker would take records behind it for the end of a loss. */
    @Test
    void sendsNothingBehindARecordThatWasLost() {
        var failure = new TimeoutException("120000 ms has passed since batch creation");
        var lost = send().toFuture();
        brokers.errorNext(failure);

        assertThat(lost).isCompletedExceptionally();
        StepVerifier.create(send()).verifyErrorMatches(failure::equals);
        assertThat(numbers).containsExactly(1L);
        assertThat(brokers.history()).hasSize(1);
        assertThat(partition.acknowledged()).isEqualTo(Map.of(4L, 17L, GENERATION, 0L));
    }

    @Test
    void sendsNothingBehindARecordThatTheClientItselfRefused() {
        brokers.sendException = new TimeoutException("Topic fresh not present in metadata after 60000 ms.");
        StepVerifier.create(send()).verifyError(TimeoutException.class);
        brokers.sendException = null;

        StepVerifier.create(send()).verifyError(TimeoutException.class);
        assertThat(numbers).containsExactly(1L);
    }
}
