package io.pgsync.kafka.control;

import io.pgsync.kafka.topic.TopicNames;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The last thing that an owner has recorded. Compaction comes late, so the topic may hold very many older records: it is read from its end, in
 * steps that grow until one is found.
 */
public final class LastRecord {
    private static final Duration POLL = Duration.ofMillis(100);
    /** Each record has a second offset, for the end of its transaction. */
    private static final long FIRST_STEP = 16;

    private static final long GROWTH = 16;

    private LastRecord() {}

    /** Of the present owner, whoever it is; {@link OwnerRecord#NONE} before the first. {@code consumer} reads what is committed; blocks. */
    public static OwnerRecord of(Consumer<byte[], byte[]> consumer, TopicNames names) {
        var partition = new TopicPartition(names.control(), 0);
        List<TopicPartition> all = List.of(partition);
        consumer.assign(all);
        long start = consumer.beginningOffsets(all).getOrDefault(partition, 0L);
        long end = consumer.endOffsets(all).getOrDefault(partition, 0L);
        Optional<byte[]> last = Optional.empty();
        for (long step = FIRST_STEP; last.isEmpty() && end > start; step *= GROWTH) {
            consumer.seek(partition, Math.max(start, end - step));
            last = lastBefore(consumer, partition, end);
            if (end - step <= start) {
                break;
            }
        }
        return last.map(OwnerRecord::of).orElse(OwnerRecord.NONE);
    }

    private static Optional<byte[]> lastBefore(
            Consumer<byte[], byte[]> consumer, TopicPartition partition, long end) {
        Optional<byte[]> last = Optional.empty();
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> found : consumer.poll(POLL)) {
                last = Optional.of(found.value());
            }
        }
        return last;
    }
}
