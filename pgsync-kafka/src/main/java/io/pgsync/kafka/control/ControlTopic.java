package io.pgsync.kafka.control;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.kafka.KafkaSettings;
import io.pgsync.kafka.topic.TopicNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The right to own a slot's work topics, and what its owner records. Each owner is a transactional producer with the same id: the broker lets
 * the newest one write, and no other. Kafka's clients block, so all of it runs on one thread of its own. Safe from any thread.
 */
public final class ControlTopic implements AutoCloseable {
    private static final byte[] OWNER = "reader".getBytes(StandardCharsets.UTF_8);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final KafkaSettings settings;
    private final TopicNames names;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Scheduler thread;

    private ControlTopic(
            KafkaSettings settings, TopicNames names, KafkaProducer<byte[], byte[]> producer, Scheduler thread) {
        this.settings = settings;
        this.names = names;
        this.producer = producer;
        this.thread = thread;
    }

    /** Asks nothing yet; the topic must exist before {@link #claim}. To be closed by the caller. */
    public static ControlTopic open(KafkaSettings settings, TopicNames names) {
        var producer = new KafkaProducer<>(
                settings.with(Map.of(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        names.control(),
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        0)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        return new ControlTopic(settings, names, producer, Schedulers.newSingle("pgsync-kafka-control", true));
    }

    /**
     * Becomes the owner. From then on nothing that an earlier owner records counts: it is shut out before the topic is read to its end. Gives what
     * that one has recorded, under the new generation, which is {@code leastGeneration} or greater.
     */
    public Mono<OwnerRecord> claim(long leastGeneration) {
        return blocking(() -> {
            producer.initTransactions();
            OwnerRecord next = read().next(leastGeneration);
            write(next);
            return next;
        });
    }

    /** Records {@code now}. Fails with {@link SupersededException} if there is a newer owner; nothing is recorded then. */
    public Mono<Void> record(OwnerRecord now) {
        return blocking(() -> {
                    write(now);
                    return now;
                })
                .then();
    }

    private void write(OwnerRecord now) throws ExecutionException, InterruptedException {
        producer.beginTransaction();
        Future<RecordMetadata> sent = producer.send(new ProducerRecord<>(names.control(), 0, OWNER, now.bytes()));
        producer.commitTransaction();
        sent.get();
    }

    private OwnerRecord read() {
        Map<String, Object> configuration = settings.with(Map.of(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false));
        try (var consumer =
                new KafkaConsumer<>(configuration, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return LastRecord.of(consumer, names);
        }
    }

    private <T> Mono<T> blocking(Callable<T> call) {
        return Mono.fromCallable(call)
                .subscribeOn(thread)
                .onErrorMap(failure -> !(failure instanceof SyncException), this::failure);
    }

    private SyncException failure(Throwable failure) {
        if (failure instanceof ProducerFencedException || failure instanceof InvalidProducerEpochException) {
            return new SupersededException(names.slot(), failure);
        }
        boolean passes = failure instanceof KafkaException && !(failure instanceof AuthorizationException);
        return new SyncException(
                passes ? Remedy.RETRY : Remedy.STOP,
                "Kafka does not take what is recorded of slot \"%s\": %s".formatted(names.slot(), failure.getMessage()),
                failure);
    }

    /** What is recorded stays; the next owner need not wait. */
    @Override
    public void close() {
        producer.close(CLOSE);
        thread.dispose();
    }
}
