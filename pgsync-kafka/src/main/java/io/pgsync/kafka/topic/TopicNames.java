package io.pgsync.kafka.topic;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * The topics of one slot.
 *
 * @param slot the slot's name
 * @param stem the beginning of all their names
 * @param fresh items of the stream
 * @param bulk items of loads, repairs and large fan-outs, which fresh ones overtake
 * @param lookups searches of earlier keys
 * @param control what the owner of the slot has recorded
 */
public record TopicNames(String slot, String stem, String fresh, String bulk, String lookups, String control) {
    /** {@code prefix}: for several installations on one cluster. */
    public static TopicNames of(String prefix, String slot) {
        String stem = prefix + "." + slot + ".";
        return new TopicNames(slot, stem, stem + "fresh", stem + "bulk", stem + "lookups", stem + "control");
    }

    /** The group that commits what is stored. */
    public String workers() {
        return stem + "workers";
    }

    /** Everything that holds work, with so many partitions of each lane. */
    public Set<TopicPartition> partitions(int ofLane) {
        Stream<TopicPartition> lanes = lanes().stream()
                .flatMap(lane -> IntStream.range(0, ofLane).mapToObj(number -> new TopicPartition(lane, number)));
        return Stream.concat(lanes, Stream.of(new TopicPartition(lookups, 0))).collect(Collectors.toUnmodifiableSet());
    }

    /** The two lanes: partition for partition they belong together, and to one worker. */
    List<String> lanes() {
        return List.of(fresh, bulk);
    }

    List<String> all() {
        return List.of(fresh, bulk, lookups, control);
    }
}
