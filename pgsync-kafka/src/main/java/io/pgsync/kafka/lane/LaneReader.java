package io.pgsync.kafka.lane;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.handover.LogLossException;
import io.pgsync.core.handover.TakenRoot;
import io.pgsync.core.handover.TakenSearches;
import io.pgsync.kafka.KafkaSettings;
import io.pgsync.kafka.control.Committed;
import io.pgsync.kafka.record.RecordCodec;
import io.pgsync.kafka.record.WorkRecord;
import io.pgsync.kafka.topic.TopicNames;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * Takes the records of all partitions of both lanes, gives their roots, and commits what is done. One thread of its own calls Kafka's consumer: it
 * polls, pauses lanes that nobody takes from, and commits whenever the last commit was answered, so a barrier waits for little more than that.
 *
 * <p>The partitions are assigned by hand: the owner of the slot is the only reader, and who that is the write aliases decide.
 */
public final class LaneReader implements LaneProgress, AutoCloseable {
    private static final Duration LAST_COMMIT = Duration.ofSeconds(10);

    private final Consumer<byte[], byte[]> consumer;
    private final LanePartitions partitions;
    private final LaneBuffers buffers;
    private final Runnable committed;
    private final Thread thread;
    private volatile boolean taking = true;
    private volatile boolean closed;
    private final PollPatience patience = new PollPatience();
    private boolean committing;
    private boolean ended;
    private @Nullable Exception refusal;

    private LaneReader(
            Consumer<byte[], byte[]> consumer, TopicNames names, LanePartitions partitions, Runnable committed) {
        this.consumer = consumer;
        this.buffers = new LaneBuffers(names);
        this.partitions = partitions;
        this.committed = committed;
        this.thread = new Thread(this::run, "pgsync-kafka-lanes");
        thread.setDaemon(true);
    }

    /**
     * Where the reading begins.
     *
     * @param done how far each partition was done, as it is on record
     * @param since the generation of the last repair
     * @param anew whether what is lost does not matter
     */
    public record Beginning(int partitions, Map<String, Committed> done, long since, boolean anew) {}

    /**
     * Finds out where to begin; blocks. {@code committed} is run after each commit, on the reader's thread. To be closed by the caller. Fails with
     * {@link LogLossException} if what is committed is not in the log.
     */
    public static LaneReader open(KafkaSettings settings, TopicNames names, Beginning beginning, Runnable committed) {
        Map<String, Object> configuration = settings.with(Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                names.workers(),
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false));
        var consumer = new KafkaConsumer<>(configuration, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            return new LaneReader(consumer, names, LanePartitions.assign(consumer, names, beginning), committed);
        } catch (RuntimeException failure) {
            consumer.close();
            throw failure;
        }
    }

    /** Begins to read. */
    public void start() {
        thread.start();
    }

    /** The roots of a lane, from the first that is not done on, in lists as they were found. For one subscriber each. */
    public Flux<List<TakenRoot>> taken(boolean many) {
        return buffers.taken(many);
    }

    /** The searches, in the same way. */
    public Flux<TakenSearches> searches() {
        return buffers.searches();
    }

    /** Gives no more roots and searches. */
    public void endTaking() {
        taking = false;
    }

    @Override
    public boolean isCommitted(Map<TopicPartition, Long> ends) {
        return partitions.isCommitted(ends);
    }

    /** Behind the last search of earlier owners. */
    public long searchesBefore() {
        return partitions.searchesBefore();
    }

    @Override
    public long searched() {
        return partitions.searched();
    }

    /** The offsets behind the last roots that were taken. */
    public Map<TopicPartition, Long> next() {
        return partitions.next();
    }

    /** Before which everything is done and committed. */
    public Map<TopicPartition, Committed> committed() {
        return partitions.committed();
    }

    private void run() {
        try {
            while (!closed) {
                pauseOrResume();
                for (var found : consumer.poll(patience.next(isBusy()))) {
                    take(found);
                    patience.moved();
                }
                buffers.handOn();
                commit();
            }
            commitRest();
        } catch (Throwable failure) {
            // Whatever it is, nobody else would notice that this thread has ended.
            buffers.fail(failure(failure));
        } finally {
            consumer.close();
        }
    }

    private boolean isBusy() {
        return committing || partitions.isBusy();
    }

    private void pauseOrResume() {
        if (taking) {
            buffers.pauseOrResume(consumer, partitions);
        } else if (!ended) {
            ended = true;
            consumer.pause(partitions.all());
            buffers.end();
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> found) {
        var place = new TopicPartition(found.topic(), found.partition());
        PartitionReading reading = partitions.of(place);
        WorkRecord record = RecordCodec.decode(found.value(), place + " at offset " + found.offset());
        reading.missingBefore(record).ifPresent(what -> {
            throw new LogLossException("in partition %s before record %d, %s".formatted(place, found.offset(), what));
        });
        buffers.add(found, record, reading.take(found.offset(), record));
    }

    /** One at a time: the next has what was done meanwhile. */
    private void commit() {
        Exception refused = refusal;
        if (refused != null) {
            throw new KafkaException(refused.getMessage(), refused);
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = committing ? Map.of() : partitions.toCommit();
        if (offsets.isEmpty()) {
            return;
        }
        committing = true;
        patience.moved();
        consumer.commitAsync(offsets, (answered, failure) -> {
            committing = false;
            if (failure == null) {
                note(offsets);
            } else if (!(failure instanceof RetriableException || failure instanceof RetriableCommitFailedException)) {
                refusal = failure;
            }
            // Else the next commit makes up for it.
        });
    }

    private void note(Map<TopicPartition, OffsetAndMetadata> offsets) {
        partitions.note(offsets);
        committed.run();
    }

    private void commitRest() {
        Map<TopicPartition, OffsetAndMetadata> offsets = partitions.toCommit();
        if (!offsets.isEmpty()) {
            consumer.commitSync(offsets, LAST_COMMIT);
            note(offsets);
        }
    }

    private static SyncException failure(Throwable failure) {
        if (failure instanceof SyncException known) {
            return known;
        }
        if (failure instanceof OffsetOutOfRangeException gone) {
            return new LogLossException("what waits there is gone: " + gone.getMessage());
        }
        return new SyncException(
                failure instanceof AuthorizationException || failure.getCause() instanceof AuthorizationException
                        ? Remedy.STOP
                        : Remedy.RETRY,
                "Kafka does not give the roots that wait: " + failure.getMessage(),
                failure);
    }

    /** Commits what is done; blocks until then. */
    @Override
    public void close() {
        closed = true;
        try {
            if (thread.isAlive()) {
                thread.join(LAST_COMMIT.toMillis());
            } else {
                consumer.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
