package io.pgsync.kafka.log;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.kafka.KafkaSettings;
import io.pgsync.kafka.control.ControlTopic;
import io.pgsync.kafka.topic.TopicNames;
import io.pgsync.kafka.topic.WorkTopics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The connections of one owner that outlive its parts. */
record Cluster(KafkaSettings settings, TopicNames names, Admin admin, WorkTopics topics, ControlTopic control) {
    private static final String UNRESOLVED = "No resolvable bootstrap urls";
    private static final Duration CLOSE = Duration.ofSeconds(5);

    /** Asks nothing yet. Fails with STOP if Kafka's clients do not take their settings, with RETRY if no broker's name can be resolved. */
    static Cluster open(KafkaSettings settings, TopicNames names, int partitions) {
        Admin admin = admin(settings);
        try {
            var control = ControlTopic.open(settings, names);
            return new Cluster(settings, names, admin, new WorkTopics(admin, names, partitions), control);
        } catch (KafkaException refusal) {
            admin.close(CLOSE);
            throw failure(settings, refusal);
        }
    }

    /** The same with what only asks. */
    static Admin admin(KafkaSettings settings) {
        try {
            return Admin.create(settings.with(Map.of()));
        } catch (KafkaException refusal) {
            throw failure(settings, refusal);
        }
    }

    /** The clients say what they mean in the cause. */
    static SyncException failure(KafkaSettings settings, KafkaException refusal) {
        String reason = String.valueOf((refusal.getCause() == null ? refusal : refusal.getCause()).getMessage());
        return new SyncException(
                reason.contains(UNRESOLVED) ? Remedy.RETRY : Remedy.STOP,
                "Kafka's client for %s does not take its settings: %s".formatted(settings.bootstrapServers(), reason),
                refusal);
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
