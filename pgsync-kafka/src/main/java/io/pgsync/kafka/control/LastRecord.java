package io.pgsync.kafka.control;

import io.pgsync.kafka.topic.TopicNames;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The last thing that an owner has recorded. Compaction comes late, so the topic may hold very many older records: its end is read first. */
public final class LastRecord {
    private static final Duration POLL = Duration.ofMillis(100);
    /** A record is followed by the end of its transaction, which has an offset too; what was aborted may come after it. */
    private static final long NEAR = 16;

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final long end;

    private LastRecord(Consumer<byte[], byte[]> consumer, TopicPartition partition, long end) {
        this.consumer = consumer;
        this.partition = partition;
        this.end = end;
    }

    /** Of the present owner, whoever it is; {@link OwnerRecord#NONE} before the first. {@code consumer} reads what is committed; blocks. */
    public static OwnerRecord of(Consumer<byte[], byte[]> consumer, TopicNames names) {
        var partition = new TopicPartition(names.control(), 0);
        List<TopicPartition> all = List.of(partition);
        consumer.assign(all);
        long start = consumer.beginningOffsets(all).getOrDefault(partition, 0L);
        long end = consumer.endOffsets(all).getOrDefault(partition, 0L);
        var last = new LastRecord(consumer, partition, end);
        return last.from(Math.max(start, end - NEAR))
                .or(() -> last.from(start))
                .map(OwnerRecord::of)
                .orElse(OwnerRecord.NONE);
    }

    private Optional<byte[]> from(long offset) {
        consumer.seek(partition, offset);
        Optional<byte[]> last = Optional.empty();
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> found : consumer.poll(POLL)) {
                last = Optional.of(found.value());
            }
        }
        return last;
    }
}
