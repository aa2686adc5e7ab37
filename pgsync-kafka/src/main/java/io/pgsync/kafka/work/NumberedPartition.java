package io.pgsync.kafka.work;

import io.pgsync.kafka.continuity.Continuity;
import io.pgsync.kafka.continuity.Numbering;
import io.pgsync.kafka.record.RecordCodec;
import io.pgsync.kafka.record.WorkRecord;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One partition, to which one generation writes numbered records. Safe from any thread: numbers and records have the same order.
 *
 * <p>A record that the brokers did not take leaves its number unused, which would look like a loss to workers. So after a failure nothing more
 * of this generation is sent here: the next generation begins behind what was acknowledged.
 */
final class NumberedPartition {
    private final Producer<byte[], byte[]> producer;
    private final TopicPartition place;
    private final long generation;
    private final Numbering numbering;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong end = new AtomicLong();
    private volatile @Nullable Exception ended;

    NumberedPartition(
            Producer<byte[], byte[]> producer, TopicPartition place, long generation, Map<Long, Long> before) {
        this.producer = producer;
        this.place = place;
        this.generation = generation;
        this.numbering = new Numbering(generation, before);
    }

    /** What the first record of this generation names. */
    Map<Long, Long> before() {
        return numbering.before();
    }

    /** {@code record}: makes it of its number; {@code answers}: get the failure of an earlier record if there was one. */
    synchronized void send(byte @Nullable [] key, LongFunction<WorkRecord> record, Answers answers) {
        Exception earlier = ended;
        if (earlier == null) {
            hand(key, record.apply(numbering.next()), answers);
        } else {
            answers.add(earlier);
        }
    }

    private void hand(byte @Nullable [] key, WorkRecord work, Answers answers) {
        try {
            var record = new ProducerRecord<>(place.topic(), place.partition(), key, RecordCodec.encode(work));
            var unused = producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    // Of an idempotent producer they come in order, so everything before is there too.
                    acknowledged.accumulateAndGet(work.number(), Math::max);
                    end.accumulateAndGet(metadata.offset() + 1, Math::max);
                    answers.add(null);
                } else {
                    end(failure, answers);
                }
            });
        } catch (KafkaException | IllegalStateException refusal) {
            end(refusal, answers);
        }
    }

    private void end(Exception failure, Answers answers) {
        ended = failure;
        answers.add(failure);
    }

    /** The last number of each of the latest generations that the brokers have. */
    Map<Long, Long> acknowledged() {
        var all = new TreeMap<>(numbering.before());
        all.put(generation, acknowledged.get());
        while (all.size() > Continuity.GENERATIONS) {
            all.pollFirstEntry();
        }
        return all;
    }

    /** The offset behind the last record of this generation that the brokers have; 0 before the first. */
    long end() {
        return end.get();
    }

    TopicPartition place() {
        return place;
    }
}
