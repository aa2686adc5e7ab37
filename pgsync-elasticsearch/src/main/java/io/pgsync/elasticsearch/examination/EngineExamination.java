package io.pgsync.elasticsearch.examination;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.Answer;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.ElasticsearchSettings;
import io.pgsync.elasticsearch.ForeignAnswerException;
import io.pgsync.elasticsearch.Paths;
import io.pgsync.elasticsearch.index.KeyFields;
import io.pgsync.elasticsearch.signing.ServiceRefusedException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Looks at the engine without changing anything: whether it can store the documents, and what may prevent it. */
public final class EngineExamination {
    private static final int NOT_FOUND = 404;

    private final ElasticsearchConnection connection;

    public EngineExamination(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    /**
     * Everything worth knowing, good or bad; fails if the engine does not answer. {@code plans}: the indexes to be
     * written.
     */
    public Mono<List<Finding>> examine(Collection<PlannedIndex> plans) {
        // An engine that is too old is asked nothing else.
        return connection
                .examineVersion()
                .flatMapMany(version -> version.severity() == Severity.PROBLEM
                        ? Flux.just(version)
                        : Flux.just(version).concatWith(rest(plans)))
                .collectList();
    }

    private Flux<Finding> rest(Collection<PlannedIndex> plans) {
        return Flux.concat(
                health(),
                cluster(),
                ifOffered("disks", disks()),
                ifOffered(
                        "rights",
                        rights(plans.stream().map(PlannedIndex::name).toList()).flux()),
                Flux.fromIterable(plans).concatMap(this::types),
                Flux.fromIterable(plans).concatMap(this::index),
                Flux.fromIterable(plans).concatMap(plan -> Mono.justOrEmpty(digits(plan))));
    }

    /** A hosting service may keep such questions from the engine, which has answered others by then. */
    private static Flux<Finding> ifOffered(String subject, Flux<Finding> findings) {
        return findings.onErrorResume(
                        EngineExamination::isNotOffered,
                        refused -> Flux.just(
                                Finding.fine(subject, "not told: the question does not get through to the engine")))
                .defaultIfEmpty(Finding.fine(subject, "not told by the engine"));
    }

    static boolean isNotOffered(Throwable failure) {
        return ServiceRefusedException.isOfOperation(failure) || failure.getCause() instanceof ForeignAnswerException;
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
                .flatMapMany(blocks -> blocksOfCluster(blocks).concatWith(Flux.fromIterable(blocks.ofIndex())));
    }

    private Flux<Finding> blocksOfCluster(Blocks blocks) {
        return blocks.areOfCluster()
                ? get("/_cluster/settings?flat_settings=true").flatMapIterable(blocks::ofCluster)
                : Flux.empty();
    }

    private Flux<Finding> disks() {
        return get("/_cluster/settings?include_defaults=true&flat_settings=true")
                .map(DiskWatermarks::new)
                .flatMapMany(watermarks -> get("/_nodes/stats/fs?filter_path=nodes.*.name,nodes.*.fs.total")
                        .flatMapIterable(answer -> answer.path("nodes"))
                        .map(watermarks::judge));
    }

    private Mono<Finding> rights(Collection<String> indexes) {
        return connection
                .kind()
                .flatMap(kind -> connection.repeated(connection
                        .send(kind.askForRights(indexes))
                        .map(answer ->
                                kind.rights(answer).orElseThrow(() -> connection.failure("tell our rights", answer)))
                        .onErrorMap(error -> failure("tell our rights", error))));
    }

    /** With fields of types that it does not have, the engine refuses to create the index. */
    private Mono<Finding> types(PlannedIndex plan) {
        return connection.kind().flatMap(kind -> Mono.justOrEmpty(FieldTypes.finding(kind, plan)));
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
        return connection
                .kind()
                .flatMapMany(kind -> get(Paths.index(plan.name()) + "/_mapping")
                        .flatMapIterable(mappings -> List.of(
                                KeyFields.finding(kind, plan.name(), plan.keys(), settings, mappings),
                                FieldLimit.ofExisting(plan, settings, mappings).finding())));
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
