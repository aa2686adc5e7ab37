package io.pgsync.elasticsearch.examination;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.Answer;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.ElasticsearchSettings;
import io.pgsync.elasticsearch.Paths;
import io.pgsync.elasticsearch.index.KeyFields;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Looks at the engine without changing anything: whether it can store the documents, and what may prevent it. */
public final class EngineExamination {
    private static final List<String> INDEX_RIGHTS =
            List.of("create_index", "index", "delete", "read", "manage", "view_index_metadata");

    private static final int NOT_FOUND = 404;
    /** The statuses with which a node without security answers a request about it, by version. */
    private static final Set<Integer> NO_SUCH_REQUEST = Set.of(400, NOT_FOUND, 405);

    private final ElasticsearchConnection connection;

    public EngineExamination(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    /**
     * Everything worth knowing, good or bad; fails if the engine does not answer. {@code plans}: the indexes to be
     * written.
     */
    public Mono<List<Finding>> examine(Collection<PlannedIndex> plans) {
        List<String> indexes = plans.stream().map(PlannedIndex::name).toList();
        return Flux.concat(
                        connection.examineVersion(),
                        health(),
                        cluster(),
                        disks(),
                        rights(indexes),
                        Flux.fromIterable(plans).concatMap(this::index),
                        Flux.fromIterable(plans).concatMap(plan -> Mono.justOrEmpty(digits(plan))))
                .collectList();
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

    /** Blocks of the cluster, and of the state index, which all documents need. */
    private Flux<Finding> cluster() {
        return Blocks.of(connection, ElasticsearchSettings.STATE_INDEX)
                .flatMapIterable(blocks -> Stream.concat(blocks.ofCluster().stream(), blocks.ofIndex().stream())
                        .toList());
    }

    private Flux<Finding> disks() {
        return get("/_cluster/settings?include_defaults=true&flat_settings=true")
                .map(DiskWatermarks::new)
                .flatMapMany(watermarks -> get("/_nodes/stats/fs?filter_path=nodes.*.name,nodes.*.fs.total")
                        .flatMapIterable(answer -> answer.path("nodes"))
                        .map(watermarks::judge));
    }

    /** Without security there is nothing to ask, and everything is allowed. */
    private Mono<Finding> rights(Collection<String> indexes) {
        ObjectNode question = JsonNodeFactory.instance.objectNode();
        question.putArray("cluster").add("monitor");
        ObjectNode ofIndexes = question.putArray("index").addObject();
        ArrayNode names = ofIndexes.putArray("names");
        indexes.forEach(index -> names.add(index).add(index + "*"));
        names.add(ElasticsearchSettings.STATE_INDEX);
        ArrayNode privileges = ofIndexes.putArray("privileges");
        INDEX_RIGHTS.forEach(privileges::add);
        var request = new Request("POST", "/_security/user/_has_privileges");
        request.setJsonEntity(question.toString());
        return connection
                .send(request)
                .map(answer -> {
                    if (NO_SUCH_REQUEST.contains(answer.status())) {
                        return Finding.fine("rights", "not restricted");
                    }
                    return rights(read("tell our rights", answer));
                })
                .onErrorMap(error -> failure("tell our rights", error));
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
                "Give its role the cluster privilege monitor and, on the indexes and "
                        + ElasticsearchSettings.STATE_INDEX + ", " + String.join(", ", INDEX_RIGHTS));
    }

    private Flux<Finding> index(PlannedIndex plan) {
        return Blocks.of(connection, plan.name())
                .flatMapMany(
                        blocks -> blocks.hideMetadata() ? Flux.fromIterable(blocks.ofIndex()) : index(plan, blocks));
    }

    private Flux<Finding> index(PlannedIndex plan, Blocks blocks) {
        String what = "read the settings of index \"" + plan.name() + "\"";
        return connection
                .send(new Request("GET", Paths.index(plan.name()) + "/_settings?flat_settings=true"))
                .flatMapMany(settings -> settings.status() == NOT_FOUND
                        ? Flux.just(
                                Finding.fine("index " + plan.name(), "not there yet"),
                                FieldLimit.ofNew(plan).finding())
                        : Flux.fromIterable(blocks.ofIndexOrNone()).concatWith(existing(plan, read(what, settings))))
                .onErrorMap(error -> failure(what, error));
    }

    private Flux<Finding> existing(PlannedIndex plan, JsonNode settings) {
        return get(Paths.index(plan.name()) + "/_mapping")
                .flatMapIterable(mappings -> List.of(
                        KeyFields.finding(plan.name(), plan.keys(), settings, mappings),
                        FieldLimit.ofExisting(plan, settings, mappings).finding()));
    }

    private JsonNode read(String what, Answer answer) {
        if (!answer.isSuccess()) {
            throw connection.failure(what, answer);
        }
        return answer.json();
    }

    private Throwable failure(String what, Throwable error) {
        return error instanceof SyncException ? error : connection.failure(what, error);
    }

    private static Optional<Finding> digits(PlannedIndex plan) {
        return plan.rewritten().isEmpty()
                ? Optional.empty()
                : Optional.of(Finding.warning(
                        "numbers of " + plan.name(),
                        "the engine gives 14.90 back as 14.9 and rounds numbers with a fraction and more than 15"
                                + " digits, as it leaves hidden keys out of the documents; this concerns "
                                + String.join(", ", plan.rewritten()),
                        "Where digits count, show such a column as a text through a view, or give the links of the"
                                + " through tables NOT NULL and a foreign key"));
    }

    private Mono<JsonNode> get(String path) {
        return connection.json("answer GET " + path, new Request("GET", path));
    }
}
