package io.pgsync.kafka.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.change.Lsn;
import io.pgsync.embedded.kafka.KafkaServers;
import io.pgsync.kafka.KafkaSettings;
import io.pgsync.kafka.topic.TopicNames;
import io.pgsync.kafka.topic.WorkTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ControlTopicIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final KafkaSettings KAFKA = KafkaSettings.of(KafkaServers.shared());

    private final TopicNames names =
            TopicNames.of("pgsync", "slot_" + UUID.randomUUID().toString().replace('-', '_'));
    private final List<ControlTopic> owners = new ArrayList<>();

    @BeforeEach
    void makeTheTopics() {
        try (var admin = Admin.create(KAFKA.with(Map.of()))) {
            new WorkTopics(admin, names, 2).makeOrCheck().block(PATIENCE);
        }
    }

    @AfterEach
    void close() {
        owners.forEach(ControlTopic::close);
    }

    private ControlTopic process() {
        var owner = ControlTopic.open(KAFKA, names);
        owners.add(owner);
        return owner;
    }

    @Test
    void theNextOwnerGoesOnWithWhatTheLastOneRecorded() {
        ControlTopic first = process();
        OwnerRecord claimed = first.claim(1).block(PATIENCE);
        assertThat(claimed).isEqualTo(new OwnerRecord(1, 0, Lsn.ZERO, Lsn.ZERO, Map.of(), 0, Map.of(), Map.of()));
        var recorded = claimed.anew()
                .over(Map.of(names.fresh(), "id"), 24)
                .at(
                        Lsn.parse("16/B374D848"),
                        Lsn.parse("16/B374D000"),
                        Map.of(names.fresh() + "-0", Map.of(1L, 17L)),
                        Map.of(names.fresh() + "-0", new Committed(18, "1:17")));
        first.record(recorded).block(PATIENCE);
        first.close();

        OwnerRecord next = process().claim(7).block(PATIENCE);

        assertThat(next)
                .isEqualTo(new OwnerRecord(
                        7,
                        recorded.since(),
                        recorded.confirmed(),
                        recorded.stored(),
                        recorded.topics(),
                        recorded.partitions(),
                        recorded.numbers(),
                        recorded.done()));
    }

    /** A process that was frozen wakes up, and believes that it still owns the slot. */
    @Test
    void whatAFormerOwnerRecordsDoesNotCount() {
        ControlTopic former = process();
        OwnerRecord claimed = former.claim(1).block(PATIENCE);
        ControlTopic owner = process();
        OwnerRecord next = owner.claim(1).block(PATIENCE);

        var late = claimed.at(new Lsn(99), Lsn.ZERO, Map.of(), Map.of());
        assertThatThrownBy(() -> former.record(late).block(PATIENCE))
                .isInstanceOf(SupersededException.class)
                .hasMessageContaining(names.slot());

        assertThat(look()).isEqualTo(next);
        owner.record(next).block(PATIENCE);
    }

    @Test
    void eachOwnerHasAGenerationOfItsOwn() {
        var generations = new ArrayList<Long>();
        for (int i = 0; i < 5; i++) {
            generations.add(process().claim(1).block(PATIENCE).generation());
        }

        assertThat(generations).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    /** Compaction may leave very many records of an owner; only the last one counts. */
    @Test
    void theLastRecordIsFoundBehindManyOthers() {
        assertThat(look()).isEqualTo(OwnerRecord.NONE);
        ControlTopic owner = process();
        OwnerRecord last = owner.claim(1).block(PATIENCE);
        for (int position = 1; position <= 40; position++) {
            last = last.at(new Lsn(position), Lsn.ZERO, Map.of(), Map.of());
            owner.record(last).block(PATIENCE);
            assertThat(look()).isEqualTo(last);
        }
        process().claim(1).block(PATIENCE);
        assertThat(look().confirmed()).isEqualTo(last.confirmed());
        assertThat(look().generation()).isEqualTo(2);
    }

    /** A process that dies while it records leaves such records. */
    @Test
    void whatWasNotCommittedHidesNothing() {
        OwnerRecord last = process().claim(1).block(PATIENCE);
        try (var dying = new KafkaProducer<>(
                KAFKA.with(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, names.slot())),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            dying.initTransactions();
            for (int record = 0; record < 20; record++) {
                dying.beginTransaction();
                dying.send(new ProducerRecord<>(names.control(), 0, new byte[0], new byte[0]));
                dying.flush();
                dying.abortTransaction();
            }
        }

        assertThat(look()).isEqualTo(last);
    }

    private OwnerRecord look() {
        try (var consumer = new KafkaConsumer<>(
                KAFKA.with(Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            return LastRecord.of(consumer, names);
        }
    }
}
