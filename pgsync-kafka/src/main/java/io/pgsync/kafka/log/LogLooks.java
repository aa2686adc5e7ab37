package io.pgsync.kafka.log;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.handover.Backlog;
import io.pgsync.core.handover.LogLook;
import io.pgsync.core.handover.LogPosition;
import io.pgsync.kafka.KafkaSettings;
import io.pgsync.kafka.control.Committed;
import io.pgsync.kafka.control.LastRecord;
import io.pgsync.kafka.control.OwnerRecord;
import io.pgsync.kafka.topic.TopicNames;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What the brokers tell of a slot's topics, for somebody who owns nothing: with one consumer, which joins no group and commits nothing. Blocks;
 * not thread-safe.
 */
final class LogLooks implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    /** The oldest is for people: after this time what was found so far counts. */
    private static final Duration OLDEST_PATIENCE = Duration.ofSeconds(2);

    private final Consumer<byte[], byte[]> consumer;
    private final TopicNames names;

    private LogLooks(Consumer<byte[], byte[]> consumer, TopicNames names) {
        this.consumer = consumer;
        this.names = names;
    }

    /** Asks nothing yet. */
    static LogLooks open(KafkaSettings settings, TopicNames names) {
        try {
            return new LogLooks(consumer(settings, names), names);
        } catch (KafkaException refusal) {
            throw Cluster.failure(settings, refusal);
        }
    }

    private static Consumer<byte[], byte[]> consumer(KafkaSettings settings, TopicNames names) {
        Map<String, Object> configuration = settings.with(Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                names.workers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                // One record of each partition is wanted, and not what lies behind it.
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                16 << 10));
        return new KafkaConsumer<>(configuration, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Before the first owner there is no topic, and nothing on record. */
    LogLook look() {
        try {
            if (consumer.partitionsFor(names.control()).isEmpty()) {
                return LogLook.NOTHING;
            }
            OwnerRecord owner = LastRecord.of(consumer, names);
            return new LogLook(new LogPosition(owner.confirmed(), owner.stored()), backlog(owner));
        } catch (KafkaException failure) {
            throw new SyncException(
                    failure instanceof AuthorizationException ? Remedy.STOP : Remedy.RETRY,
                    "Kafka does not tell what waits for slot \"%s\": %s".formatted(names.slot(), failure.getMessage()),
                    failure);
        }
    }

    /** An owner that was claimed and has not begun has no partitions. */
    private Backlog backlog(OwnerRecord owner) {
        Set<TopicPartition> partitions = owner.topics().isEmpty() ? Set.of() : names.partitions(owner.partitions());
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(partitions);
        Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        var first = new HashMap<TopicPartition, Long>();
        var waiting = new HashMap<String, Long>();
        ends.forEach((partition, end) -> {
            long done = Committed.further(owner.done(), partition, committed.get(partition))
                    .map(Committed::offset)
                    .orElse(0L);
            long from = Math.max(starts.getOrDefault(partition, 0L), done);
            if (from < end) {
                first.put(partition, from);
                waiting.merge(partition.topic(), end - from, Long::sum);
            }
        });
        return new Backlog(
                waiting.getOrDefault(names.fresh(), 0L),
                waiting.getOrDefault(names.bulk(), 0L),
                waiting.getOrDefault(names.lookups(), 0L),
                oldest(first));
    }

    /** By the time that the producer has given the first record that waits in each partition. */
    private Optional<Instant> oldest(Map<TopicPartition, Long> first) {
        var open = new HashSet<>(first.keySet());
        consumer.assign(open);
        first.forEach(consumer::seek);
        long oldest = Long.MAX_VALUE;
        long patient = System.nanoTime() + OLDEST_PATIENCE.toNanos();
        while (!open.isEmpty() && System.nanoTime() < patient) {
            var found = consumer.poll(POLL);
            for (TopicPartition partition : found.partitions()) {
                List<ConsumerRecord<byte[], byte[]>> records = found.records(partition);
                oldest = Math.min(oldest, records.get(0).timestamp());
                open.remove(partition);
            }
            consumer.pause(found.partitions());
        }
        return Optional.of(oldest).filter(time -> time != Long.MAX_VALUE).map(Instant::ofEpochMilli);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
