package io.pgsync.kafka.log;

import io.pgsync.kafka.KafkaSettings;
import io.pgsync.kafka.control.ControlTopic;
import io.pgsync.kafka.topic.TopicNames;
import io.pgsync.kafka.topic.WorkTopics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The connections of one owner that outlive its parts. */
record Cluster(KafkaSettings settings, TopicNames names, Admin admin, WorkTopics topics, ControlTopic control) {
    private static final Duration CLOSE = Duration.ofSeconds(5);

    /** Asks nothing yet. */
    static Cluster open(KafkaSettings settings, TopicNames names, int partitions) {
        Admin admin = Admin.create(settings.with(Map.of()));
        return new Cluster(
                settings, names, admin, new WorkTopics(admin, names, partitions), ControlTopic.open(settings, names));
    }

    /** Kafka's clients block, so never on a thread of the pipeline. */
    <T> Mono<T> blocking(Callable<T> call) {
        return Mono.fromCallable(call).subscribeOn(Schedulers.boundedElastic());
    }

    Mono<Void> close() {
        return blocking(() -> {
                    control.close();
                    admin.close(CLOSE);
                    return true;
                })
                .then();
    }
}
