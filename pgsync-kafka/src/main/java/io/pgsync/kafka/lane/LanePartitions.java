package io.pgsync.kafka.lane;

import io.pgsync.core.handover.LogLossException;
import io.pgsync.kafka.control.Committed;
import io.pgsync.kafka.topic.TopicNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** All partitions of both lanes, and that of the searches: from where on each is read, and how far it is done. Thread-safe. */
final class LanePartitions {
    private final Map<TopicPartition, PartitionReading> readings;
    private final TopicPartition lookups;
    private final long searchesBefore;

    private LanePartitions(
            Map<TopicPartition, PartitionReading> readings, TopicPartition lookups, long searchesBefore) {
        this.readings = Map.copyOf(readings);
        this.lookups = lookups;
        this.searchesBefore = searchesBefore;
    }

    /** Has {@code consumer} read from what is committed on; blocks. Fails with {@link LogLossException} if that is not in the log. */
    static LanePartitions assign(Consumer<byte[], byte[]> consumer, TopicNames names, LaneReader.Beginning beginning) {
        var lookups = new TopicPartition(names.lookups(), 0);
        Set<TopicPartition> partitions = names.partitions(beginning.partitions());
        consumer.assign(partitions);
        Map<TopicPartition, OffsetAndMetadata> known = consumer.committed(partitions);
        Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        var readings = new HashMap<TopicPartition, PartitionReading>();
        for (TopicPartition partition : partitions) {
            var log = new Extent(offset(starts, partition), offset(ends, partition));
            PartitionReading reading = reading(partition, known.get(partition), beginning, log);
            readings.put(partition, reading);
            consumer.seek(partition, reading.next());
        }
        return new LanePartitions(readings, lookups, offset(ends, lookups));
    }

    private static long offset(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        return Objects.requireNonNull(offsets.get(partition));
    }

    /** What the brokers have of a partition: from {@code start} to before {@code end}. */
    private record Extent(long start, long end) {}

    /** Of a partition of which nobody knows how far it was done nothing was removed. */
    private static PartitionReading reading(
            TopicPartition partition, @Nullable OffsetAndMetadata known, LaneReader.Beginning beginning, Extent log) {
        Committed first = new Committed(log.start(), "");
        Committed from = Committed.further(beginning.done(), partition, known).orElse(first);
        if (from.offset() >= log.start() && from.offset() <= log.end()) {
            return new PartitionReading(from, beginning.since());
        }
        if (beginning.anew()) {
            return new PartitionReading(first, beginning.since());
        }
        throw new LogLossException("partition %s has the records %d to %d, and %d is the next that waits"
                .formatted(partition, log.start(), log.end() - 1, from.offset()));
    }

    Set<TopicPartition> all() {
        return readings.keySet();
    }

    List<TopicPartition> ofTopic(String topic) {
        return readings.keySet().stream()
                .filter(partition -> partition.topic().equals(topic))
                .toList();
    }

    PartitionReading of(TopicPartition partition) {
        return Objects.requireNonNull(readings.get(partition));
    }

    /** Whether something is taken and not done. */
    boolean isBusy() {
        return readings.values().stream().anyMatch(reading -> reading.open() > 0);
    }

    boolean isCommitted(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> of(end.getKey()).committed().offset() >= end.getValue());
    }

    /** Of the lanes. */
    Map<TopicPartition, Long> next() {
        return readings.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(lookups))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().next()));
    }

    Map<TopicPartition, Committed> committed() {
        return readings.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().committed()));
    }

    long searchesBefore() {
        return searchesBefore;
    }

    long searched() {
        return of(lookups).committed().offset();
    }

    /** What is done and not committed. */
    Map<TopicPartition, OffsetAndMetadata> toCommit() {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        readings.forEach((partition, reading) -> {
            OffsetAndMetadata offset = reading.toCommit();
            if (offset != null) {
                offsets.put(partition, offset);
            }
        });
        return offsets;
    }

    void note(Map<TopicPartition, OffsetAndMetadata> committed) {
        committed.forEach((partition, offset) -> of(partition).committed(offset));
    }
}
