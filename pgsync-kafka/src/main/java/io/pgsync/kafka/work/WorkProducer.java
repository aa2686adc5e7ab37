package io.pgsync.kafka.work;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.kafka.KafkaSettings;
import io.pgsync.kafka.control.OwnerRecord;
import io.pgsync.kafka.record.RecordKey;
import io.pgsync.kafka.record.WorkRecord;
import io.pgsync.kafka.topic.TopicNames;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Writes the records of one generation. Idempotent, but without transactions: an item is a hint, and one of a former owner that comes late does no
 * harm. Items of a document come into one partition, in the order of their calls.
 *
 * <p>Not bounded by itself: callers wait for the acknowledgement of what they have sent. Kafka's client may block in a call, so calls are made on
 * one thread of its own. Safe from any thread.
 */
public final class WorkProducer implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final Producer<byte[], byte[]> producer;
    private final OwnerRecord owner;
    private final List<NumberedPartition> fresh;
    private final List<NumberedPartition> bulk;
    private final NumberedPartition lookups;
    private final Scheduler thread;

    private WorkProducer(Producer<byte[], byte[]> producer, TopicNames names, OwnerRecord owner, Scheduler thread) {
        this.producer = producer;
        this.owner = owner;
        this.thread = thread;
        this.fresh = lane(names.fresh());
        this.bulk = lane(names.bulk());
        this.lookups = partition(names.lookups(), 0);
    }

    /** Sends nothing yet; {@link #begin} comes first. {@code owner}: what a claim gave. To be closed by the caller. */
    public static WorkProducer open(KafkaSettings settings, TopicNames names, OwnerRecord owner) {
        var producer = new KafkaProducer<>(
                settings.with(Map.of(
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        0,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4")),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        return new WorkProducer(producer, names, owner, Schedulers.newSingle("pgsync-kafka-work", true));
    }

    private List<NumberedPartition> lane(String topic) {
        var lane = new ArrayList<NumberedPartition>();
        for (int number = 0; number < owner.partitions(); number++) {
            lane.add(partition(topic, number));
        }
        return lane;
    }

    private NumberedPartition partition(String topic, int number) {
        var place = new TopicPartition(topic, number);
        return new NumberedPartition(
                producer, place, owner.generation(), owner.numbers().getOrDefault(place.toString(), Map.of()));
    }

    /** Opens the generation in every partition; {@code fingerprint}: of the schema file. Completes when the brokers have all of it. */
    public Mono<Void> begin(long version, long fingerprint) {
        return inEach(partition ->
                send(partition, number -> new WorkRecord.Begin(version, number, fingerprint, partition.before())));
    }

    /** Shows in every partition that it is whole up to here. */
    public Mono<Void> beat(long version, InstantSource clock) {
        return inEach(partition -> send(partition, number -> new WorkRecord.Beat(version, number, clock.instant())));
    }

    private interface Sending {
        Mono<Void> to(NumberedPartition partition);
    }

    private Mono<Void> inEach(Sending sending) {
        return Flux.fromStream(this::partitions).flatMap(sending::to).then();
    }

    private Stream<NumberedPartition> partitions() {
        return Stream.of(fresh.stream(), bulk.stream(), Stream.of(lookups)).flatMap(lane -> lane);
    }

    /** Which lane an item takes. */
    public enum Lane {
        /** Changes of the stream. */
        FRESH,
        /** Loads, repairs, and changes that affect very many roots: fresh items overtake these. */
        BULK
    }

    /** An item of a document; {@code record}: makes it of its number. */
    public record Item(Lane lane, RecordKey document, LongFunction<WorkRecord> record) {}

    /** Completes when the brokers have all items. They leave together, so they cost little more than one. */
    public Mono<Void> items(List<Item> items) {
        return Mono.<Void>create(sink -> {
                    var answers = new Answers(items.size(), sink);
                    items.forEach(item -> partition(item).send(item.document().bytes(), item.record(), answers));
                })
                .subscribeOn(thread)
                .onErrorMap(WorkProducer::failure);
    }

    private NumberedPartition partition(Item item) {
        List<NumberedPartition> partitions = item.lane() == Lane.FRESH ? fresh : bulk;
        return partitions.get(item.document().partition(owner.partitions()));
    }

    /** The same for searches. */
    public Mono<Void> lookup(LongFunction<WorkRecord> lookup) {
        return send(lookups, lookup);
    }

    private Mono<Void> send(NumberedPartition partition, LongFunction<WorkRecord> record) {
        return Mono.<Void>create(sink -> partition.send(null, record, new Answers(1, sink)))
                .subscribeOn(thread)
                .onErrorMap(WorkProducer::failure);
    }

    /** What is to be recorded before a position is confirmed: the numbers that the brokers have, by partition. */
    public Map<String, Map<Long, Long>> acknowledged() {
        return partitions()
                .collect(Collectors.toMap(partition -> partition.place().toString(), NumberedPartition::acknowledged));
    }

    /** The offset behind the last record that the brokers have of this generation, of each partition of the lanes. */
    public Map<TopicPartition, Long> ends() {
        return Stream.concat(fresh.stream(), bulk.stream())
                .collect(Collectors.toMap(NumberedPartition::place, NumberedPartition::end));
    }

    /** The same of the searches. */
    public long searchesEnd() {
        return lookups.end();
    }

    private static SyncException failure(Throwable failure) {
        return new SyncException(
                failure instanceof AuthorizationException ? Remedy.STOP : Remedy.RETRY,
                "Kafka does not take a record of work: " + failure.getMessage(),
                failure);
    }

    /** Waits a moment for what is under way. */
    @Override
    public void close() {
        producer.close(CLOSE);
        thread.dispose();
    }
}
