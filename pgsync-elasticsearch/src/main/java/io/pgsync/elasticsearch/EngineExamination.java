package io.pgsync.elasticsearch;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.failure.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Looks at the engine without changing anything: whether it can take the documents, and what may stop it from doing so. */
public final class EngineExamination {
    private static final int OLDEST_VERSION = 8;
    private static final double LOW_WATERMARK = 0.85;
    private static final double FLOOD_STAGE = 0.95;
    private static final List<String> INDEX_RIGHTS =
            List.of("create_index", "index", "delete", "read", "manage", "view_index_metadata");

    private final ElasticsearchConnection connection;

    public EngineExamination(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    /** Everything that is worth knowing, good or bad; fails when the engine does not answer. {@code indexes}: those to be written. */
    public Mono<List<Finding>> examine(Collection<String> indexes) {
        return Flux.concat(version(), health(), disks(), rights(indexes), blocks(indexes))
                .collectList();
    }

    private Mono<Finding> version() {
        return get("/_nodes/_local?filter_path=nodes.*.version").map(answer -> {
            String number = answer.findPath("version").asText();
            int major = Integer.parseInt(number.substring(0, Math.max(0, number.indexOf('.'))));
            return major < OLDEST_VERSION
                    ? Finding.problem(
                            "version", "Elasticsearch " + number + " is too old", "Upgrade it to version 8 or 9")
                    : Finding.fine("version", "Elasticsearch " + number);
        });
    }

    private Mono<Finding> health() {
        return get("/_cluster/health").map(answer -> {
            String status = answer.path("status").asText();
            return status.equals("red")
                    ? Finding.problem(
                            "cluster",
                            "its health is red: some shards take no writes",
                            "GET /_cluster/allocation/explain")
                    : Finding.fine("cluster", "its health is " + status);
        });
    }

    private Flux<Finding> disks() {
        return get("/_nodes/stats/fs?filter_path=nodes.*.name,nodes.*.fs.total").flatMapIterable(answer -> {
            var findings = new ArrayList<Finding>();
            answer.path("nodes").forEach(node -> findings.add(disk(node)));
            return findings;
        });
    }

    /** The watermarks are the defaults: what a cluster has set in their place shows in its own log. */
    private static Finding disk(JsonNode node) {
        String subject = "disk of " + node.path("name").asText("a node");
        JsonNode total = node.path("fs").path("total");
        double used = 1
                - total.path("available_in_bytes").asDouble()
                        / Math.max(1, total.path("total_in_bytes").asDouble());
        String state = Math.round(used * 100) + " % used";
        if (used >= FLOOD_STAGE) {
            return Finding.problem(
                    subject, state + ": beyond 95 % indexes become read-only", "Free space or add a node");
        }
        return used >= LOW_WATERMARK
                ? Finding.warning(
                        subject, state + ": beyond 85 % no new shards are placed on it", "Free space or add a node")
                : Finding.fine(subject, state);
    }

    /** Where security is off there is nobody to ask, and everything is allowed. */
    private Mono<Finding> rights(Collection<String> indexes) {
        ObjectNode question = JsonNodeFactory.instance.objectNode();
        question.putArray("cluster").add("monitor");
        ObjectNode ofIndexes = question.putArray("index").addObject();
        ArrayNode names = ofIndexes.putArray("names");
        indexes.forEach(index -> names.add(index).add(index + "*"));
        names.add(ElasticsearchStateStore.INDEX);
        ArrayNode privileges = ofIndexes.putArray("privileges");
        INDEX_RIGHTS.forEach(privileges::add);
        var request = new Request("POST", "/_security/user/_has_privileges");
        request.setJsonEntity(question.toString());
        return connection
                .send(request)
                .onErrorMap(error -> connection.failures().of("tell our rights", error))
                .map(answer -> answer.isSuccess() ? rights(answer.json()) : Finding.fine("rights", "not restricted"));
    }

    private static Finding rights(JsonNode answer) {
        if (answer.path("has_all_requested").asBoolean()) {
            return Finding.fine("rights", "all that are needed");
        }
        var missing = new ArrayList<String>();
        answer.path("cluster").properties().stream()
                .filter(right -> !right.getValue().asBoolean())
                .forEach(right -> missing.add(right.getKey() + " on the cluster"));
        answer.path("index")
                .properties()
                .forEach(index -> index.getValue().properties().stream()
                        .filter(right -> !right.getValue().asBoolean())
                        .forEach(right -> missing.add(right.getKey() + " on " + index.getKey())));
        return Finding.problem(
                "rights",
                "user " + answer.path("username").asText() + " lacks " + String.join(", ", missing),
                "Give its role the cluster privilege monitor and, on the indexes and " + ElasticsearchStateStore.INDEX
                        + ", " + String.join(", ", INDEX_RIGHTS));
    }

    private Flux<Finding> blocks(Collection<String> indexes) {
        return Flux.fromIterable(indexes)
                .concatMap(index -> connection
                        .send(new Request("GET", Paths.index(index) + "/_settings?flat_settings=true"))
                        .onErrorMap(error -> connection.failures().of("read the settings of " + index, error))
                        .map(answer -> answer.isSuccess()
                                ? blocks(index, answer.json())
                                : Finding.fine("index " + index, "not there yet")));
    }

    private static Finding blocks(String index, JsonNode answer) {
        String subject = "index " + index;
        boolean full =
                answer.findValuesAsText("index.blocks.read_only_allow_delete").contains("true");
        boolean closed = answer.findValuesAsText("index.blocks.read_only").contains("true");
        if (full || closed) {
            return Finding.problem(
                    subject,
                    full ? "read-only, because a disk was full" : "read-only",
                    "PUT /" + index
                            + "/_settings {\"index.blocks.read_only_allow_delete\": null, \"index.blocks.read_only\": null}");
        }
        return Finding.fine(subject, "takes writes");
    }

    private Mono<JsonNode> get(String path) {
        return connection.json("answer GET " + path, new Request("GET", path));
    }
}
