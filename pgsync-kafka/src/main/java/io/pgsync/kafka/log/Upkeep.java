package io.pgsync.kafka.log;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.handover.LogLossException;
import io.pgsync.core.version.ReadVersions;
import io.pgsync.kafka.control.Committed;
import io.pgsync.kafka.control.OwnerRecord;
import io.pgsync.kafka.work.WorkProducer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What an owner does beside the stream: shows in each partition that it is whole, looks whether the topics are still the same, and removes what is
 * committed, so that the topics hold what waits and little more.
 */
final class Upkeep {
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final OwnerRecord owner;
    private final WorkProducer producer;
    private final Supplier<OwnerRecord> recorded;
    private final InstantSource clock;

    /** {@code recorded}: what is on record by now. */
    Upkeep(
            Cluster cluster,
            OwnerRecord owner,
            WorkProducer producer,
            Supplier<OwnerRecord> recorded,
            InstantSource clock) {
        this.cluster = cluster;
        this.owner = owner;
        this.producer = producer;
        this.recorded = recorded;
        this.clock = clock;
    }

    /** Never completes. */
    Mono<Void> run() {
        return Flux.interval(INTERVAL)
                .onBackpressureDrop()
                .concatMap(tick -> look().then(beat()).then(purge()), 1)
                .then();
    }

    private Mono<Void> look() {
        return cluster.topics()
                .identifiers()
                .flatMap(now -> Mono.justOrEmpty(
                                TopicState.of(owner, now, owner.partitions()).loss())
                        .<Void>flatMap(loss -> Mono.error(new LogLossException(loss))))
                // The stream notices an outage by itself.
                .onErrorResume(Remedy::passes, away -> Mono.empty());
    }

    private Mono<Void> beat() {
        return producer.beat(ReadVersions.beginOf(owner.generation()), clock);
    }

    /** Never further than what is on record as done: the next owner begins there, or behind it. */
    private Mono<Void> purge() {
        Map<String, Committed> done = recorded.get().done();
        Map<TopicPartition, RecordsToDelete> before = cluster.names().partitions(owner.partitions()).stream()
                .filter(partition -> done.containsKey(partition.toString()))
                .collect(Collectors.toMap(partition -> partition, partition -> before(done, partition)));
        return Mono.fromCompletionStage(
                        () -> cluster.admin().deleteRecords(before).all().toCompletionStage())
                .then()
                // The next one makes up for it.
                .onErrorComplete();
    }

    private static RecordsToDelete before(Map<String, Committed> done, TopicPartition partition) {
        return RecordsToDelete.beforeOffset(
                Objects.requireNonNull(done.get(partition.toString())).offset());
    }
}
