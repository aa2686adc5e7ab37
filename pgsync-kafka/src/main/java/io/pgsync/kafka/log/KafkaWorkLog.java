package io.pgsync.kafka.log;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.handover.LogPosition;
import io.pgsync.core.handover.OwnedWorkLog;
import io.pgsync.core.handover.WorkLog;
import io.pgsync.kafka.KafkaSettings;
import io.pgsync.kafka.topic.TopicNames;
import java.time.InstantSource;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** The log of work of one slot on a Kafka cluster. Holds no connection: each owner, and each look, opens its own. Safe from any thread. */
public final class KafkaWorkLog implements WorkLog {
    private final KafkaSettings settings;
    private final TopicNames names;
    private final int partitions;

    private KafkaWorkLog(KafkaSettings settings, TopicNames names, int partitions) {
        this.settings = settings;
        this.names = names;
        this.partitions = partitions;
    }

    /**
     * Connects to nothing yet.
     *
     * @param prefix the beginning of all names of topics, groups and transactional ids; for several installations on one cluster
     * @param slot the slot of which it holds the work
     * @param partitions of each lane, where topics must be created; at most as many workers share the work
     */
    public static KafkaWorkLog of(KafkaSettings settings, String prefix, String slot, int partitions) {
        return new KafkaWorkLog(settings, TopicNames.of(prefix, slot), partitions);
    }

    private Cluster cluster() {
        return Cluster.open(settings, names, partitions);
    }

    @Override
    public Mono<OwnedWorkLog> own(long leastGeneration, Consumer<Lsn> stored) {
        return Mono.defer(() -> {
            Cluster cluster = cluster();
            return own(cluster, leastGeneration, stored)
                    .onErrorResume(failure -> cluster.close().then(Mono.error(failure)));
        });
    }

    private Mono<OwnedWorkLog> own(Cluster cluster, long leastGeneration, Consumer<Lsn> stored) {
        return cluster.topics()
                .makeOrCheck()
                .then(cluster.control().claim(leastGeneration))
                .flatMap(owner -> cluster.topics()
                        .allIdentifiers()
                        .map(found -> new OwnedKafkaLog(
                                cluster,
                                owner,
                                TopicState.of(owner, found, partitions),
                                stored,
                                InstantSource.system())));
    }

    @Override
    public Mono<Void> remove() {
        return Mono.usingWhen(
                Mono.fromSupplier(this::cluster), cluster -> cluster.topics().remove(), Cluster::close);
    }

    /** Before the first owner there is no topic, and nothing on record. */
    @Override
    public Mono<LogPosition> look() {
        return Mono.usingWhen(Mono.fromSupplier(this::cluster), KafkaWorkLog::look, Cluster::close);
    }

    private static Mono<LogPosition> look(Cluster cluster) {
        return cluster.topics()
                .isThere()
                .filter(there -> there)
                .flatMap(there -> cluster.control().look())
                .map(owner -> new LogPosition(owner.confirmed(), owner.stored()))
                .defaultIfEmpty(LogPosition.NONE);
    }
}
