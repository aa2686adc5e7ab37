package io.pgsync.elasticsearch.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.elasticsearch.Engine;
import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import io.pgsync.embedded.elasticsearch.EmbeddedCluster;
import io.pgsync.embedded.elasticsearch.EmbeddedEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the engine does in the course of its days leaves the history of a shard as it is; what loses documents does not. */
class ShardHistoriesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static Path snapshots;
    private static EmbeddedCluster cluster;
    private static Engine engine;

    @BeforeAll
    static void start() throws IOException {
        // Of another user than the one of the nodes.
        snapshots = Files.createTempDirectory("snapshots");
        Files.setPosixFilePermissions(snapshots, PosixFilePermissions.fromString("rwxrwxrwx"));
        cluster = ElasticsearchServers.sharedFamily()
                .builder()
                .setting("path.repo", snapshots.toString())
                .startCluster(3);
        engine = Engine.at(cluster.nodes().get(0));
    }

    @AfterAll
    static void stop() throws IOException {
        engine.close();
        cluster.close();
        try (var files = Files.walk(snapshots)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void staysThroughWhatIsOrdinary() {
        String index = create(2, 1);
        String single = create(1, 0);
        Map<String, String> histories = histories(index);
        Map<String, String> ofSingle = histories(single);
        assertThat(histories).containsOnlyKeys("0", "1");

        for (String name : new String[] {index, single}) {
            engine.send("POST", "/" + name + "/_flush?force=true", "");
            engine.send("POST", "/" + name + "/_forcemerge?max_num_segments=1", "");
            engine.send("POST", "/" + name + "/_close", "");
            engine.send("POST", "/" + name + "/_open", "");
        }
        awaitGreen();
        expect(index, histories, single, ofSingle);

        move(index, "0");
        move(single, "0");
        expect(index, histories, single, ofSingle);

        engine.send("PUT", "/" + index + "/_settings", "{\"number_of_replicas\": 0}");
        engine.send("PUT", "/" + index + "/_settings", "{\"number_of_replicas\": 1}");
        awaitGreen();
        expect(index, histories, single, ofSingle);

        // A fail-over, a crash, and at the same time a node that is restarted.
        for (EmbeddedEngine node : cluster.nodes().subList(1, 3)) {
            node.kill();
            awaitNodes(2);
            assertThat(histories.entrySet()).containsAll(histories(index).entrySet());
            assertThat(ofSingle.entrySet()).containsAll(histories(single).entrySet());
            node.start();
            awaitGreen();
            expect(index, histories, single, ofSingle);
        }
    }

    @Test
    void isAnotherWhenAShardIsAllocatedEmpty() {
        String index = create(1, 0);
        moveTo(index, "0", "node-3");
        Map<String, String> before = histories(index);

        cluster.nodes().get(2).stop();
        awaitNodes(2);
        assertThat(histories(index)).isEmpty();
        reroute("""
                {"allocate_empty_primary": {"index": "%s", "shard": 0, "node": "node-2", "accept_data_loss": true}}""".formatted(index));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(histories(index)).hasSize(1));

        assertThat(histories(index).get("0")).isNotEqualTo(before.get("0"));
        cluster.nodes().get(2).start();
        awaitGreen();
        assertThat(histories(index).get("0")).isNotEqualTo(before.get("0"));
    }

    /** The index keeps its identifier. */
    @Test
    void isAnotherWhenAnIndexIsRestored() {
        String index = create(1, 1);
        engine.send("PUT", "/_snapshot/old", "{\"type\": \"fs\", \"settings\": {\"location\": \"" + snapshots + "\"}}");
        engine.send(
                "PUT",
                "/_snapshot/old/one?wait_for_completion=true",
                "{\"indices\": \"" + index + "\", \"include_global_state\": false}");
        Map<String, String> before = histories(index);
        String uuid =
                ConcreteIndex.find(engine.connection(), index).block(PATIENCE).uuid();

        engine.send("POST", "/" + index + "/_close", "");
        engine.send("POST", "/_snapshot/old/one/_restore?wait_for_completion=true", "{\"indices\": \"" + index + "\"}");
        awaitGreen();

        assertThat(histories(index)).hasSize(1).doesNotContainEntry("0", before.get("0"));
        assertThat(ConcreteIndex.find(engine.connection(), index)
                        .block(PATIENCE)
                        .uuid())
                .isEqualTo(uuid);
    }

    private static String create(int shards, int replicas) {
        String index = engine.freshIndex();
        engine.send("PUT", "/" + index, """
                {"settings": {"number_of_shards": %d, "number_of_replicas": %d,
                              "unassigned.node_left.delayed_timeout": "0"}}""".formatted(shards, replicas));
        for (int i = 0; i < 20; i++) {
            engine.send("PUT", "/" + index + "/_doc/" + i, "{}");
        }
        awaitGreen();
        return index;
    }

    private static void expect(
            String index, Map<String, String> histories, String single, Map<String, String> ofSingle) {
        assertThat(histories(index)).isEqualTo(histories);
        assertThat(histories(single)).isEqualTo(ofSingle);
    }

    private static Map<String, String> histories(String index) {
        return ShardHistories.of(engine.connection(), index).block(PATIENCE);
    }

    /** The primary to a node that has no copy. */
    private static void move(String index, String shard) {
        String free = StreamSupport.stream(
                        engine.get("/_cat/nodes?format=json&h=name").spliterator(), false)
                .map(node -> node.path("name").asText())
                .filter(node -> copies(index, shard, node) == 0)
                .findFirst()
                .orElseThrow();
        moveTo(index, shard, free);
    }

    private static void moveTo(String index, String shard, String target) {
        String source = shards(index, shard)
                .filter(copy -> copy.path("prirep").asText().equals("p"))
                .map(copy -> copy.path("node").asText())
                .findFirst()
                .orElseThrow();
        if (!source.equals(target)) {
            reroute("""
                    {"move": {"index": "%s", "shard": %s, "from_node": "%s", "to_node": "%s"}}""".formatted(index, shard, source, target));
            awaitGreen();
        }
    }

    private static long copies(String index, String shard, String node) {
        return shards(index, shard)
                .filter(copy -> copy.path("node").asText().equals(node))
                .count();
    }

    private static Stream<JsonNode> shards(String index, String shard) {
        return StreamSupport.stream(
                        engine.get("/_cat/shards/" + index + "?format=json").spliterator(), false)
                .filter(copy -> copy.path("shard").asText().equals(shard));
    }

    private static void reroute(String command) {
        engine.send("POST", "/_cluster/reroute", "{\"commands\": [" + command + "]}");
    }

    private static void awaitNodes(int nodes) {
        await().atMost(PATIENCE)
                .until(() ->
                        engine.get("/_cluster/health").path("number_of_nodes").asInt() == nodes);
    }

    private static void awaitGreen() {
        await().atMost(PATIENCE).until(() -> {
            JsonNode health = engine.get("/_cluster/health?wait_for_no_relocating_shards=true");
            return health.path("status").asText().equals("green")
                    && health.path("relocating_shards").asInt(1) == 0
                    && health.path("number_of_nodes").asInt() == 3;
        });
    }
}
