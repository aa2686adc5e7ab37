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
    private static final List<String> INDEX_RIGHTS =
            List.of("create_index", "index", "delete", "read", "manage", "view_index_metadata");

    private final ElasticsearchConnection connection;

    public EngineExamination(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    /** Everything that is worth knowing, good or bad; fails when the engine does not answer. {@code plans}: the indexes to be written. */
    public Mono<List<Finding>> examine(Collection<PlannedIndex> plans) {
        List<String> indexes = plans.stream().map(PlannedIndex::name).toList();
        return Flux.concat(
                        version(),
                        health(),
                        disks(),
                        rights(indexes),
                        Flux.fromIterable(plans).concatMap(this::index))
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
                    ? Finding.warning(
                            "cluster",
                            "its health is red: some index, ours or another, takes no writes",
                            "GET /_cluster/allocation/explain")
                    : Finding.fine("cluster", "its health is " + status);
        });
    }

    private Flux<Finding> disks() {
        return get("/_cluster/settings?include_defaults=true&flat_settings=true")
                .map(DiskWatermarks::new)
                .flatMapMany(watermarks -> get("/_nodes/stats/fs?filter_path=nodes.*.name,nodes.*.fs.total")
                        .flatMapIterable(answer -> answer.path("nodes"))
                        .map(watermarks::judge));
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

    private Flux<Finding> index(PlannedIndex plan) {
        String path = Paths.index(plan.name());
        return connection
                .send(new Request("GET", path + "/_settings?flat_settings=true"))
                .onErrorMap(error -> connection.failures().of("read the settings of " + plan.name(), error))
                .flatMapMany(settings -> settings.isSuccess()
                        ? get(path + "/_mapping")
                                .flatMapIterable(mappings -> List.of(
                                        blocks(plan.name(), settings.json()),
                                        FieldLimit.ofExisting(plan, settings.json(), mappings)
                                                .finding()))
                        : Flux.just(
                                Finding.fine("index " + plan.name(), "not there yet"),
                                FieldLimit.ofNew(plan).finding()));
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
