package io.pgsync.kafka.topic;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** A topic that somebody deletes. */
public final class DeletedTopic {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private DeletedTopic() {}

    /** Deletes it, and waits until the broker has heard of it: it tells of the topic for a moment longer. */
    public static void delete(Admin admin, String name) throws Exception {
        admin.deleteTopics(List.of(name)).all().get();
        await().atMost(PATIENCE).until(() -> isGone(admin, name));
    }

    private static boolean isGone(Admin admin, String name) throws InterruptedException {
        try {
            admin.describeTopics(List.of(name)).allTopicNames().get();
            return false;
        } catch (ExecutionException told) {
            return told.getCause() instanceof UnknownTopicOrPartitionException;
        }
    }
}
