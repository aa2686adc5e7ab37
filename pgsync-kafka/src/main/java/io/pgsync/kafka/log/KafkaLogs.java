package io.pgsync.kafka.log;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.handover.LogPosition;
import io.pgsync.core.handover.OwnedWorkLog;
import io.pgsync.kafka.KafkaSettings;
import io.pgsync.kafka.topic.TopicNames;
import java.time.InstantSource;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** Finds the topics of a slot, and gives them to an owner. */
public record KafkaLogs(KafkaSettings settings, TopicNames names, int partitions) {
    /** See {@link io.pgsync.core.handover.WorkLog#own}. */
    public Mono<OwnedWorkLog> own(long leastGeneration, Consumer<Lsn> stored) {
        return Mono.defer(() -> {
            Cluster cluster = Cluster.open(settings, names, partitions);
            return cluster.topics()
                    .makeOrCheck()
                    .then(cluster.control().claim(leastGeneration))
                    .flatMap(owner -> cluster.topics()
                            .allIdentifiers()
                            .<OwnedWorkLog>map(found -> new OwnedKafkaLog(
                                    cluster,
                                    owner,
                                    TopicState.of(owner, found, partitions),
                                    stored,
                                    InstantSource.system())))
                    .onErrorResume(failure -> cluster.close().then(Mono.error(failure)));
        });
    }

    /** See {@link io.pgsync.core.handover.WorkLog#remove}. */
    public Mono<Void> remove() {
        return Mono.usingWhen(
                Mono.fromSupplier(() -> Cluster.open(settings, names, partitions)),
                cluster -> cluster.topics().remove(),
                Cluster::close);
    }

    /** See {@link io.pgsync.core.handover.WorkLog#look}. Before the first owner there is no topic, and nothing on record. */
    public Mono<LogPosition> look() {
        return Mono.usingWhen(
                Mono.fromSupplier(() -> Cluster.open(settings, names, partitions)),
                cluster -> cluster.topics()
                        .isThere()
                        .flatMap(there -> there
                                ? cluster.control()
                                        .look()
                                        .map(owner -> new LogPosition(owner.confirmed(), owner.stored()))
                                : Mono.just(LogPosition.NONE)),
                Cluster::close);
    }
}
