package io.pgsync.kafka.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.embedded.kafka.KafkaServers;
import io.pgsync.kafka.KafkaSettings;
import io.pgsync.kafka.continuity.Continuity;
import io.pgsync.kafka.control.OwnerRecord;
import io.pgsync.kafka.record.RecordCodec;
import io.pgsync.kafka.record.RecordKey;
import io.pgsync.kafka.record.WorkRecord;
import io.pgsync.kafka.record.WorkRecord.Begin;
import io.pgsync.kafka.record.WorkRecord.Item;
import io.pgsync.kafka.record.WorkRecord.Lookup;
import io.pgsync.kafka.topic.TopicNames;
import io.pgsync.kafka.topic.WorkTopics;
import io.pgsync.kafka.work.WorkProducer.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class WorkProducerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final KafkaSettings KAFKA = KafkaSettings.of(KafkaServers.shared());
    private static final int PARTITIONS = 3;
    private static final int ITEMS = 2_000;

    private final TopicNames names =
            TopicNames.of("pgsync", "slot_" + UUID.randomUUID().toString().replace('-', '_'));

    @BeforeEach
    void makeTheTopics() {
        try (var admin = Admin.create(KAFKA.with(Map.of()))) {
            new WorkTopics(admin, names, PARTITIONS).makeOrCheck().block(PATIENCE);
        }
    }

    /** Two owners, one after the other; many items are under way at the same time. */
    @Test
    void everyPartitionIsWholeAndNamesItsEarlierGeneration() {
        Map<String, Map<Long, Long>> first = write(owner(1, Map.of()));
        write(owner(2, first));

        Map<TopicPartition, List<WorkRecord>> found = read();

        assertThat(found).hasSize(2 * PARTITIONS + 1).allSatisfy((place, records) -> {
            var continuity = new Continuity(0);
            assertThat(records)
                    .allSatisfy(each -> assertThat(continuity.accept(each)).isEmpty());
            assertThat(records.stream().filter(Begin.class::isInstance).map(Begin.class::cast))
                    .extracting(Begin::last)
                    .containsExactly(Map.of(), first.get(place.toString()));
        });
        assertThat(found.values().stream().flatMap(List::stream).filter(Item.class::isInstance))
                .hasSize(2 * ITEMS);
        assertThat(found.get(new TopicPartition(names.lookups(), 0)))
                .filteredOn(Lookup.class::isInstance)
                .hasSize(2);
    }

    private static OwnerRecord owner(long generation, Map<String, Map<Long, Long>> numbers) {
        return new OwnerRecord(generation, 0, Lsn.ZERO, Lsn.ZERO, Map.of(), PARTITIONS, numbers, Map.of());
    }

    /** Gives what its successor is to know. */
    private Map<String, Map<Long, Long>> write(OwnerRecord owner) {
        long version = (1L << 62) + (owner.generation() << 36);
        try (var producer = WorkProducer.open(KAFKA, names, owner)) {
            producer.begin(version, 7).block(PATIENCE);
            Flux.fromStream(IntStream.range(0, ITEMS).boxed())
                    .map(id -> new WorkProducer.Item(
                            id % 3 == 0 ? Lane.BULK : Lane.FRESH,
                            new RecordKey("books", id.toString()),
                            number -> new Item(version, number, Lsn.ZERO, Instant.EPOCH, List.of(id.toString()))))
                    .buffer(100)
                    .flatMap(producer::items, 3)
                    .then(producer.lookup(number -> new Lookup(version, number, List.of())))
                    .then(producer.beat(version, Instant::now))
                    .block(PATIENCE);
            return producer.acknowledged();
        }
    }

    private Map<TopicPartition, List<WorkRecord>> read() {
        var found = new HashMap<TopicPartition, List<WorkRecord>>();
        try (var consumer = new KafkaConsumer<>(
                KAFKA.with(Map.of("auto.offset.reset", "earliest", "enable.auto.commit", false)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            var places = new ArrayList<>(List.of(new TopicPartition(names.lookups(), 0)));
            for (int number = 0; number < PARTITIONS; number++) {
                places.add(new TopicPartition(names.fresh(), number));
                places.add(new TopicPartition(names.bulk(), number));
            }
            consumer.assign(places);
            consumer.seekToBeginning(places);
            Map<TopicPartition, Long> ends = consumer.endOffsets(places);
            while (places.stream().anyMatch(place -> consumer.position(place) < ends.get(place))) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> found.computeIfAbsent(
                                        new TopicPartition(record.topic(), record.partition()),
                                        place -> new ArrayList<>())
                                .add(RecordCodec.decode(record.value(), record.topic())));
            }
        }
        return found;
    }
}
