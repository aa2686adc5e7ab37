package io.pgsync.elasticsearch.examination;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.EngineError;
import io.pgsync.elasticsearch.Paths;
import io.pgsync.elasticsearch.RefusedRequestException;
import io.pgsync.elasticsearch.index.CreationSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Asks the engine what it would make of an index, and which changes an index would take, on empty indexes that are
 * hidden and gone again before the answer is told. Only the engine knows its rules; an index that is used is not
 * touched.
 */
public final class ScratchIndexes {
    private static final Logger log = LoggerFactory.getLogger(ScratchIndexes.class);

    private static final String NAME = "pgsync_plan_";
    private static final Predicate<Throwable> FORBIDDEN = RefusedRequestException.withStatus(403);
    private static final Predicate<Throwable> MISSING = RefusedRequestException.withStatus(404);
    /** Longer than an examination takes: such an index is one that a killed process left. */
    private static final Duration LEFT_BEHIND = Duration.ofMinutes(10);

    private final ElasticsearchConnection connection;
    private final Clock clock;

    public ScratchIndexes(ElasticsearchConnection connection, Clock clock) {
        this.connection = connection;
        this.clock = clock;
    }

    /** What the index is now; empty if there is none. */
    public Mono<IndexForm> live(String index) {
        var request = new Request("GET", Paths.index(index) + "?flat_settings=true");
        return connection
                .repeatable("read the mapping of index \"" + index + "\"", request)
                .map(IndexForm::of)
                .onErrorResume(MISSING, missing -> Mono.empty());
    }

    /** The documents of an index, and its bytes on disk without replicas. */
    public Mono<Size> size(String index) {
        return Mono.zip(
                        connection.repeatable(
                                "count the documents of index \"" + index + "\"",
                                new Request("GET", Paths.index(index) + "/_count")),
                        connection.repeatable(
                                "read the size of index \"" + index + "\"",
                                new Request("GET", Paths.index(index) + "/_stats/store")))
                .map(found -> new Size(
                        found.getT1().path("count").asLong(),
                        found.getT2().at("/_all/primaries/store/size_in_bytes").asLong()));
    }

    /** See {@link #size}. */
    public record Size(long documents, long bytes) {}

    /** What a new index would be; fails with STOP if the engine refuses to create it. */
    public Mono<IndexForm> asCreated(PlannedIndex plan) {
        ObjectNode settings = ScratchSettings.of(CreationSettings.of(plan.settings(), plan.mappings()));
        return during(plan.name(), settings, plan.mappings(), this::live)
                .onErrorMap(
                        failure -> RefusedRequestException.in(failure)
                                .filter(error -> error.status() == 400)
                                .isPresent(),
                        failure -> new SyncException(
                                Remedy.STOP,
                                "The engine refuses the index \"%s\" as the schema file has it: %s"
                                        .formatted(plan.name(), reasonOf(failure)),
                                failure));
    }

    /**
     * Why the engine refuses each of the changes on an index of this form, in their order; empty for one that it takes.
     */
    public Mono<List<Optional<String>>> refusals(String index, IndexForm form, List<Alteration> alterations) {
        return alterations.isEmpty()
                ? Mono.just(List.of())
                : during(
                        index,
                        ScratchSettings.of(form.settings()),
                        form.mappings(),
                        scratch -> Flux.fromIterable(alterations)
                                .concatMap(alteration -> refusal(scratch, alteration))
                                .collectList());
    }

    private Mono<Optional<String>> refusal(String scratch, Alteration alteration) {
        var request = new Request("PUT", Paths.index(scratch) + "/" + alteration.api());
        request.setJsonEntity(alteration.body().toString());
        String what = "say whether it takes a change of " + alteration.api();
        return connection
                .send(request)
                .map(answer -> {
                    if (answer.isSuccess()) {
                        return Optional.<String>empty();
                    }
                    if (answer.status() == 400) {
                        return Optional.of(EngineError.of(answer).reason());
                    }
                    throw connection.failure(what, answer);
                })
                .onErrorMap(failure -> failure instanceof SyncException ? failure : connection.failure(what, failure));
    }

    /**
     * A name that no pattern of an index template is likely to match: a template could give the index an alias. Where
     * the user has no right to it, a name that begins with the index's, to which it has.
     */
    private <T> Mono<T> during(
            String index, ObjectNode settings, ObjectNode mappings, Function<String, Mono<T>> questions) {
        String suffix = NAME + UUID.randomUUID().toString().replace("-", "");
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("settings", settings);
        body.set("mappings", mappings);
        return removeLeftovers(index)
                .then(with(suffix, body, questions))
                .onErrorResume(FORBIDDEN, forbidden -> with(index + "_" + suffix, body, questions));
    }

    private <T> Mono<T> with(String scratch, ObjectNode body, Function<String, Mono<T>> questions) {
        var request = new Request("PUT", Paths.index(scratch));
        request.setJsonEntity(body.toString());
        return Mono.usingWhen(
                connection.json("create an index to be asked about", request).thenReturn(scratch),
                questions,
                this::remove,
                (name, failure) -> remove(name),
                this::remove);
    }

    private Mono<Void> remove(String scratch) {
        var request = new Request("DELETE", Paths.index(scratch) + "?ignore_unavailable=true");
        return connection.repeatable("delete index " + scratch, request).then().onErrorResume(failure -> {
            log.warn("Index {} is not needed any more, but could not be deleted: {}", scratch, failure);
            return Mono.empty();
        });
    }

    private Mono<Void> removeLeftovers(String index) {
        String names = Paths.index(NAME + "*") + ","
                + Paths.index(index + "_" + NAME + "*").substring(1);
        var request = new Request(
                "GET",
                names + "/_settings/index.creation_date?flat_settings=true&expand_wildcards=all&allow_no_indices=true");
        long old = clock.millis() - LEFT_BEHIND.toMillis();
        return connection
                .repeatable("look for indexes to be asked about", request)
                .flatMapIterable(JsonNode::properties)
                .filter(found ->
                        found.getValue().at("/settings/index.creation_date").asLong(Long.MAX_VALUE) < old)
                .map(Map.Entry::getKey)
                .concatMap(this::remove)
                .then()
                .onErrorResume(FORBIDDEN, forbidden -> Mono.empty());
    }

    private static String reasonOf(Throwable failure) {
        return RefusedRequestException.in(failure).map(EngineError::reason).orElse("");
    }
}
