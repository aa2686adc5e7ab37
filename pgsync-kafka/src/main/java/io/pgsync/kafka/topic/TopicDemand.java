package io.pgsync.kafka.topic;

import io.pgsync.core.failure.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What one topic must be like, so that a record that was acknowledged stays until it was worked off.
 *
 * @param replicas copies of each partition
 * @param isCompacted whether only the last record of a key is kept; never for a lane: the last record of a document need not have its
 *     greatest version, and a hole looks like a loss
 */
record TopicDemand(String name, int partitions, short replicas, boolean isCompacted) {
    /** So many copies lose nothing when one broker is gone for good while another one is away. */
    private static final short WANTED_REPLICAS = 3;

    private static final String SEGMENT_BYTES = Integer.toString(64 << 20);

    /** {@code brokers}: a topic cannot have more copies. */
    static TopicDemand of(String name, int partitions, boolean isCompacted, int brokers) {
        return new TopicDemand(name, partitions, (short) Math.min(WANTED_REPLICAS, brokers), isCompacted);
    }

    NewTopic toCreate() {
        var configs = new TreeMap<>(required());
        configs.put(TopicConfig.SEGMENT_BYTES_CONFIG, SEGMENT_BYTES);
        return new NewTopic(name, partitions, replicas).configs(configs);
    }

    private Map<String, String> required() {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG, isCompacted ? "compact" : "delete",
                TopicConfig.RETENTION_MS_CONFIG, "-1",
                TopicConfig.RETENTION_BYTES_CONFIG, "-1",
                TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false",
                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(inSync()));
    }

    /** One copy may be away while records are acknowledged. */
    private int inSync() {
        return Math.max(1, replicas - 1);
    }

    /** What of a topic that is there is not as it must be. */
    List<Finding> objections(TopicDescription found, Config config) {
        var objections = new ArrayList<Finding>();
        if (found.partitions().size() != partitions) {
            objections.add(
                    Finding.problem(
                            subject(),
                            "it has %d partitions, and %d are needed"
                                    .formatted(found.partitions().size(), partitions),
                            "Partitions cannot be taken away: delete the topic while pgsync is stopped and everything in it is stored"));
        }
        int copies = found.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
        if (copies < WANTED_REPLICAS) {
            objections.add(Finding.warning(
                    subject(),
                    "its partitions have %d of %d copies: a record that was acknowledged can be lost with a broker, and pgsync then names a gap"
                            .formatted(copies, WANTED_REPLICAS),
                    "Add brokers, then kafka-reassign-partitions.sh"));
        }
        new TreeMap<>(required()).forEach((setting, wanted) -> {
            var now = config.get(setting);
            if (now != null && !isEnough(setting, now.value(), wanted)) {
                objections.add(Finding.problem(
                        subject(),
                        "its %s is %s: %s".formatted(setting, now.value(), danger(setting)),
                        "kafka-configs.sh --alter --topic %s --add-config %s=%s".formatted(name, setting, wanted)));
            }
        });
        return objections;
    }

    private static boolean isEnough(String setting, String now, String wanted) {
        return setting.equals(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG)
                ? Integer.parseInt(now) >= Integer.parseInt(wanted)
                : now.equals(wanted);
    }

    private String danger(String setting) {
        return switch (setting) {
            case TopicConfig.RETENTION_MS_CONFIG, TopicConfig.RETENTION_BYTES_CONFIG ->
                "records that wait longer are deleted, and their changes are lost";
            case TopicConfig.CLEANUP_POLICY_CONFIG ->
                isCompacted
                        ? "what was recorded of the slot is deleted"
                        : "records are left out, and one of them may have the greatest version of a document";
            case TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG ->
                "a broker that lacks acknowledged records may come to lead";
            default -> "a record counts as acknowledged with fewer copies";
        };
    }

    private String subject() {
        return "topic " + name;
    }
}
