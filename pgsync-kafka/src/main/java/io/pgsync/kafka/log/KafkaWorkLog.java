package io.pgsync.kafka.log;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.handover.LogLook;
import io.pgsync.core.handover.OwnedWorkLog;
import io.pgsync.core.handover.WorkLog;
import io.pgsync.kafka.KafkaSettings;
import io.pgsync.kafka.topic.TopicNames;
import io.pgsync.kafka.topic.WorkTopics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The log of work of one slot on a Kafka cluster. Holds no connection: each owner, and each look, opens its own. Safe from any thread. */
public final class KafkaWorkLog implements WorkLog {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

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

    @Override
    public Mono<LogLook> look() {
        return Mono.fromCallable(() -> {
                    try (LogLooks looks = LogLooks.open(settings, names)) {
                        return looks.look();
                    }
                })
                .subscribeOn(Schedulers.boundedElastic());
    }

    @Override
    public Mono<List<Finding>> examine() {
        return Mono.usingWhen(
                        Mono.fromSupplier(() -> Cluster.admin(settings)),
                        admin -> examine(new WorkTopics(admin, names, partitions)),
                        admin -> Mono.<Void>fromRunnable(() -> admin.close(Duration.ZERO))
                                .subscribeOn(Schedulers.boundedElastic()))
                .timeout(PATIENCE, Mono.error(this::silent));
    }

    private Mono<List<Finding>> examine(WorkTopics topics) {
        return topics.isThere()
                .flatMap(there -> there
                        ? topics.check().map(KafkaWorkLog::orFine)
                        : Mono.just(List.of(Finding.fine("topics", "the first start makes them"))));
    }

    private static List<Finding> orFine(List<Finding> objections) {
        return objections.isEmpty() ? List.of(Finding.fine("topics", "as they must be")) : objections;
    }

    private SyncException silent() {
        return new SyncException(
                Remedy.RETRY,
                "Kafka at %s has not answered for %d s".formatted(settings.bootstrapServers(), PATIENCE.toSeconds()));
    }
}
