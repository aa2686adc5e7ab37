package io.pgsync.kafka.control;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far a partition is done.
 *
 * @param offset of the first record that is not
 * @param seen the numbers of the records before it, see {@link io.pgsync.kafka.continuity.Continuity#text}
 */
public record Committed(long offset, String seen) {
    /**
     * The further one of what is on record ({@code done}) and what is {@code committed}: an owner that was frozen may set the second back when it
     * wakes, and brokers forget it after a while. Empty without either.
     */
    public static Optional<Committed> further(
            Map<String, Committed> done, TopicPartition partition, @Nullable OffsetAndMetadata committed) {
        return Stream.of(
                        Optional.ofNullable(done.get(partition.toString())),
                        Optional.ofNullable(committed).map(found -> new Committed(found.offset(), found.metadata())))
                .flatMap(Optional::stream)
                .max(Comparator.comparingLong(Committed::offset));
    }
}
