package io.pgsync.elasticsearch.examination;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.pgsync.core.failure.Finding;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import io.pgsync.elasticsearch.index.Generations;
import io.pgsync.elasticsearch.signing.ServiceRefusedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * What the cluster forbids for an index, for whatever reason. It is read from the cluster state, which has blocks,
 * aliases and closed indexes of one moment; the settings of an index do not show the blocks of the whole cluster.
 *
 * <p>Source of the numbers: {@code IndexMetadata} and {@code Metadata} in Elasticsearch.
 */
record Blocks(String index, JsonNode state) {
    private static final String WRITE = "8";
    private static final String METADATA = "9";

    private static final Map<String, ClusterBlock> OF_CLUSTER = Map.of(
            "6", new ClusterBlock("read-only", "cluster.blocks.read_only"),
            "13", new ClusterBlock("read-only but for deletes", "cluster.blocks.read_only_allow_delete"));
    private static final Map<String, Block> OF_INDEX = Map.of(
            "4",
            new Block("closed", "POST /%s/_open"),
            "5",
            Block.ofIndex("read-only", "read_only"),
            "7",
            Block.ofIndex("takes no searches", "read"),
            WRITE,
            Block.ofIndex("takes no writes", "write"),
            METADATA,
            Block.ofIndex("shows neither settings nor mapping", "metadata"),
            "12",
            Block.ofIndex("read-only, because a disk was full", "read_only_allow_delete"));

    /**
     * {@code remedy}: with a placeholder for the index if the block is one of an index. Each remedy is sent alone,
     * because the engine may refuse several together.
     */
    private record Block(String message, String remedy) {
        static Block ofIndex(String message, String setting) {
            String name = "index.blocks." + setting;
            return new Block(message + " (" + name + ")", "PUT /%s/_settings {\"" + name + "\": null}");
        }
    }

    private record ClusterBlock(String message, String setting) {
        /**
         * From a read-only cluster, OpenSearch removes only one setting at a time. So the remedy names the setting only
         * at the level where it is.
         */
        Block in(JsonNode settings) {
            String unset = Stream.of("persistent", "transient")
                    .filter(level -> settings.path(level).has(setting))
                    .map(level -> "\"%s\": {\"%s\": null}".formatted(level, setting))
                    .collect(Collectors.joining(", ", "{", "}"));
            return new Block(message + " (" + setting + ")", "PUT /_cluster/settings " + unset);
        }
    }

    /** {@code index} may be an alias, or missing. A hosting service may not tell; then there seem to be no blocks. */
    static Mono<Blocks> of(ElasticsearchConnection connection, String index) {
        String path = "/_cluster/state/blocks,metadata" + Paths.index(index)
                + "?ignore_unavailable=true&filter_path=blocks,metadata.indices.*.aliases";
        return connection
                .json("tell what is blocked of index \"" + index + "\"", new Request("GET", path))
                .onErrorResume(ServiceRefusedException::isOfOperation, refused -> Mono.just(MissingNode.getInstance()))
                .map(state -> new Blocks(index, state));
    }

    /** Whether there are blocks of the whole cluster. */
    boolean areOfCluster() {
        return !state.path("blocks").path("global").isEmpty();
    }

    /** The blocks of the whole cluster; {@code settings} are those of the cluster, flat. */
    List<Finding> ofCluster(JsonNode settings) {
        var known = new HashMap<String, Block>();
        OF_CLUSTER.forEach((number, block) -> known.put(number, block.in(settings)));
        return state.path("blocks")
                .path("global")
                .propertyStream()
                .map(block -> finding("cluster", block, known))
                .toList();
    }

    /** The blocks of the index alone; empty if there are none. */
    List<Finding> ofIndex() {
        var findings = new ArrayList<Finding>();
        state.path("metadata")
                .path("indices")
                .properties()
                .forEach(found -> of(found.getKey())
                        .properties()
                        .forEach(block -> findings.add(
                                block.getKey().equals(WRITE) && isDraining(found)
                                        ? drain()
                                        : finding("index " + index, block, OF_INDEX))));
        return findings;
    }

    /** As {@link #ofIndex}; if the cluster has no blocks either, a finding that says so. */
    List<Finding> ofIndexOrNone() {
        if (state.isMissingNode()) {
            return List.of(Finding.fine("index " + index, "whether it takes writes is not told"));
        }
        List<Finding> found = ofIndex();
        return found.isEmpty() && !areOfCluster() ? List.of(Finding.fine("index " + index, "takes writes")) : found;
    }

    /** Whether blocks prevent even reading its settings and mapping. */
    boolean hideMetadata() {
        return state.path("metadata").path("indices").properties().stream()
                .anyMatch(found -> of(found.getKey()).has(METADATA));
    }

    private JsonNode of(String concrete) {
        return state.path("blocks").path("indices").path(concrete);
    }

    private static boolean isDraining(Map.Entry<String, JsonNode> found) {
        return found.getValue()
                .path("aliases")
                .valueStream()
                .anyMatch(alias -> Generations.marksTakeOver(found.getKey(), alias.asText()));
    }

    private Finding drain() {
        return Finding.warning(
                "index " + index,
                "takes no writes: a take-over by pgsync is under way, or left its write block behind, which the next start"
                        + " removes",
                "Start pgsync, if it does not run");
    }

    private Finding finding(String subject, Map.Entry<String, JsonNode> block, Map<String, Block> known) {
        Block found = known.getOrDefault(
                block.getKey(),
                new Block("blocked: " + block.getValue().path("description").asText(), "GET /_cluster/state/blocks"));
        return Finding.problem(subject, found.message(), found.remedy().formatted(index));
    }
}
