package io.pgsync.kafka;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.handover.LogPosition;
import io.pgsync.core.handover.OwnedWorkLog;
import io.pgsync.core.handover.WorkLog;
import io.pgsync.kafka.log.KafkaLogs;
import io.pgsync.kafka.topic.TopicNames;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * The log of work of one slot on a Kafka cluster. Holds no connection: each owner, and each look, opens its own. Safe from any thread.
 */
public final class KafkaWorkLog implements WorkLog {
    /** The partitions of each lane of new topics, unless told otherwise: at most as many workers share the work. */
    public static final int PARTITIONS = 24;

    private final KafkaLogs logs;

    private KafkaWorkLog(KafkaLogs logs) {
        this.logs = logs;
    }

    /**
     * Connects to nothing yet.
     *
     * @param prefix the beginning of all names of topics, groups and transactional ids; for several installations on one cluster
     * @param slot the slot of which it holds the work
     * @param partitions of each lane, where topics must be created
     */
    public static KafkaWorkLog of(KafkaSettings settings, String prefix, String slot, int partitions) {
        return new KafkaWorkLog(new KafkaLogs(settings, TopicNames.of(prefix, slot), partitions));
    }

    @Override
    public Mono<LogPosition> look() {
        return logs.look();
    }

    @Override
    public Mono<Void> remove() {
        return logs.remove();
    }

    @Override
    public Mono<OwnedWorkLog> own(long leastGeneration, Consumer<Lsn> stored) {
        return logs.own(leastGeneration, stored);
    }
}
