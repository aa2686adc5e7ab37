package io.pgsync.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.core.failure.SyncException;
import io.pgsync.embedded.kafka.KafkaServers;
import io.pgsync.kafka.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class WorkTopicsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Admin admin =
            Admin.create(KafkaSettings.of(KafkaServers.shared()).with(Map.of()));
    private final TopicNames names =
            TopicNames.of("pgsync", "slot_" + UUID.randomUUID().toString().replace('-', '_'));
    private final WorkTopics topics = new WorkTopics(admin, names, 3);

    @AfterEach
    void close() {
        admin.close();
    }

    /** The only broker of the tests has no second copy, which is told. */
    @Test
    void theyAreMadeOnceAndThenFoundAsTheyMustBe() throws Exception {
        List<Finding> first = topics.makeOrCheck().block(PATIENCE);
        List<Finding> second = topics.makeOrCheck().block(PATIENCE);

        assertThat(first).hasSize(4).allSatisfy(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.message()).contains("1 of 3 copies");
        });
        assertThat(second).isEqualTo(first);
        assertThat(admin.describeTopics(names.all())
                        .allTopicNames()
                        .get()
                        .get(names.bulk())
                        .partitions())
                .hasSize(3);
    }

    @Test
    void twoProcessesMayMakeThemAtTheSameTime() {
        Mono.when(topics.makeOrCheck(), new WorkTopics(admin, names, 3).makeOrCheck())
                .block(PATIENCE);

        assertThat(topics.check().block(PATIENCE)).hasSize(4);
    }

    @Test
    void whatIsMissingIsNothingToExamine() {
        assertThat(topics.check().block(PATIENCE)).isEmpty();
    }

    /** Somebody tidied up. */
    @Test
    void whatWouldLoseRecordsIsRefusedAllAtOnce() throws Exception {
        topics.makeOrCheck().block(PATIENCE);
        alter(names.fresh(), "retention.ms", "604800000");
        alter(names.bulk(), "cleanup.policy", "compact");
        admin.createPartitions(Map.of(names.lookups(), NewPartitions.increaseTo(2)))
                .all()
                .get();

        assertThatThrownBy(() -> topics.makeOrCheck().block(PATIENCE))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("topic " + names.fresh()
                        + ": its retention.ms is 604800000: records that wait longer are deleted")
                .hasMessageContaining(
                        "kafka-configs.sh --alter --topic " + names.fresh() + " --add-config retention.ms=-1")
                .hasMessageContaining("topic " + names.bulk() + ": its cleanup.policy is compact")
                .hasMessageContaining("topic " + names.lookups() + ": it has 2 partitions, and 1 are needed");
    }

    @Test
    void aTopicThatWasMadeAnewHasAnotherIdentifier() throws Exception {
        topics.makeOrCheck().block(PATIENCE);
        Map<String, String> before = topics.identifiers().block(PATIENCE);
        DeletedTopic.delete(admin, names.fresh());
        topics.makeOrCheck().block(PATIENCE);
        Map<String, String> after = topics.identifiers().block(PATIENCE);

        assertThat(after.get(names.bulk())).isEqualTo(before.get(names.bulk()));
        assertThat(after.get(names.fresh())).isNotEqualTo(before.get(names.fresh()));
    }

    /** A teardown and a start that meet: each is told what is there, and none fails. */
    @Test
    void whatSomebodyDeletesMeanwhileIsMissing() {
        for (int round = 0; round < 10; round++) {
            topics.makeOrCheck().block(PATIENCE);
            Mono.when(topics.remove(), topics.identifiers(), topics.isThere()).block(PATIENCE);
        }
        await().atMost(PATIENCE)
                .until(() -> topics.identifiers().block(PATIENCE).isEmpty());
    }

    private void alter(String topic, String name, String value) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var change = new AlterConfigOp(new ConfigEntry(name, value), OpType.SET);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all().get();
    }
}
