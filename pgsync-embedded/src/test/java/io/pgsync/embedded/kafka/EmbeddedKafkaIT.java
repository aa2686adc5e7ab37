package io.pgsync.embedded.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class EmbeddedKafkaIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void aBrokerKeepsWhatItHasAcknowledged() throws Exception {
        try (var kafka = EmbeddedKafka.start()) {
            Map<String, Object> broker = Map.of("bootstrap.servers", kafka.bootstrapServers());
            try (var admin = Admin.create(broker)) {
                admin.createTopics(List.of(new NewTopic("work", 1, (short) 1)))
                        .all()
                        .get();
            }
            try (var producer = new KafkaProducer<>(broker, new StringSerializer(), new StringSerializer())) {
                producer.send(new ProducerRecord<>("work", "a")).get();

                kafka.stop();
                assertThat(kafka.isRunning()).isFalse();
                kafka.restart();
                producer.send(new ProducerRecord<>("work", "b")).get();
                kafka.freeze(true);
                var unanswered = producer.send(new ProducerRecord<>("work", "late"));
                assertThatThrownBy(() -> unanswered.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
                kafka.freeze(false);
                unanswered.get();
                kafka.kill();
                kafka.restart();
                producer.send(new ProducerRecord<>("work", "c")).get();
            }
            try (var consumer = new KafkaConsumer<>(broker, new StringDeserializer(), new StringDeserializer())) {
                var partition = new TopicPartition("work", 0);
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                var found = new ArrayList<String>();
                await().atMost(PATIENCE).until(() -> {
                    consumer.poll(Duration.ofMillis(100)).forEach(record -> found.add(record.value()));
                    return found.size() >= 4;
                });
                assertThat(found).containsExactly("a", "b", "late", "c");
            }
        }
    }
}
