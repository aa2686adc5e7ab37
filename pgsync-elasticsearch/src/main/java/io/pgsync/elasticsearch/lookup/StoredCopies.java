package io.pgsync.elasticsearch.lookup;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.document.DocumentJson;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Reads many documents of one index as they are stored, by their ids; numbers keep their digits. A document with a
 * routing is searched for, because its shard is unknown: such a search sees what the last refresh made visible.
 */
public final class StoredCopies {
    private static final int FURTHER_ATTEMPTS = 3;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    /** A search finds so many documents for each id: several shards may hold one. */
    private static final int MOST_COPIES = 4;

    private final ElasticsearchConnection connection;
    private final IndexScan scan;
    private final DocumentTree tree;

    /** The documents of the index of {@code tree}. */
    public StoredCopies(ElasticsearchConnection connection, DocumentTree tree) {
        this.connection = connection;
        this.scan = new IndexScan(connection);
        this.tree = tree;
    }

    /**
     * The ids of all documents, as of the last refresh; an id of several copies more than once. Demand is honoured: who
     * takes more than minutes for {@code page} ids must ask for fewer at a time, because the engine forgets the search.
     */
    public Flux<String> ids(int page) {
        return scan.ids(tree.index(), SearchClause.all(), page);
    }

    /** What the index keeps of its documents. */
    public Mono<StoredForm> form() {
        return connection
                .repeatable(
                        "look at index \"" + tree.index() + "\"",
                        new Request("GET", Paths.index(tree.index()) + "?flat_settings=true"))
                .map(answer -> answer.valueStream()
                        .filter(index -> index.has("mappings"))
                        .findFirst()
                        .orElseThrow(() -> lacking("its mappings")))
                .map(index -> StoredForm.of(index.path("mappings"), index.path("settings"), tree.pipeline()));
    }

    /** The stored ones of these documents, by id; {@code withSource}: with their content. */
    public Mono<Map<String, StoredCopy>> find(Collection<String> wanted, boolean withSource) {
        // For an id that is asked for twice there would be two answers, which look like two copies.
        Set<String> ids = new LinkedHashSet<>(wanted);
        if (ids.isEmpty()) {
            return Mono.just(Map.of());
        }
        return sent(isRouted() ? search(ids, withSource) : get(ids, withSource))
                .map(answer -> (isRouted() ? hits(answer) : documents(answer))
                        .map(StoredCopies::copy)
                        .collect(Collectors.toMap(StoredCopy::id, Function.identity(), StoredCopy::and)));
    }

    /** The same without content, of everything that is stored now, whether or not a refresh has made it visible. */
    public Mono<Map<String, StoredCopy>> marks(Collection<String> ids) {
        Mono<Void> visible = isRouted() && !ids.isEmpty() ? scan.refresh(tree.index()) : Mono.empty();
        return visible.then(Mono.defer(() -> find(ids, false)));
    }

    private boolean isRouted() {
        return tree.routing().isPresent();
    }

    private Mono<JsonNode> sent(Request request) {
        String what = "read documents of index \"" + tree.index() + "\"";
        return connection
                .send(request)
                .map(answer -> {
                    if (!answer.isSuccess()) {
                        throw connection.failure(what, answer);
                    }
                    return DocumentJson.read(answer.body());
                })
                .onErrorMap(error -> !(error instanceof SyncException), error -> connection.failure(what, error))
                .retryWhen(Retry.backoff(FURTHER_ATTEMPTS, FIRST_PAUSE)
                        .scheduler(connection.scheduler())
                        .filter(Remedy::passes)
                        .onRetryExhaustedThrow((retry, last) -> last.failure()));
    }

    private Request get(Collection<String> ids, boolean withSource) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ids.forEach(body.putArray("ids")::add);
        var request = new Request("POST", Paths.index(tree.index()) + "/_mget");
        request.addParameter("_source", Boolean.toString(withSource));
        request.setJsonEntity(body.toString());
        return request;
    }

    private Request search(Collection<String> ids, boolean withSource) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ids.forEach(body.putObject("query").putObject("ids").putArray("values")::add);
        body.put("size", ids.size() * MOST_COPIES);
        body.put("seq_no_primary_term", true);
        body.put("_source", withSource);
        var request = new Request("POST", Paths.index(tree.index()) + "/_search");
        request.addParameter("allow_partial_search_results", "false");
        request.setJsonEntity(body.toString());
        return request;
    }

    private Stream<JsonNode> documents(JsonNode answer) {
        if (!answer.path("docs").isArray()) {
            throw lacking("the documents");
        }
        return answer.path("docs")
                .valueStream()
                .peek(this::requireRead)
                .filter(document -> document.path("found").asBoolean());
    }

    /** Something other than the engine answered; taken at its word, no document would be stored. */
    private SyncException lacking(String part) {
        return new SyncException(
                Remedy.RETRY, "The engine's answer about index \"" + tree.index() + "\" lacks " + part);
    }

    private void requireRead(JsonNode document) {
        if (document.has("error")) {
            throw new SyncException(
                    Remedy.RETRY,
                    "Document %s of index \"%s\" could not be read: %s"
                            .formatted(
                                    document.path("_id").asText(),
                                    tree.index(),
                                    document.path("error").path("reason").asText()));
        }
    }

    private Stream<JsonNode> hits(JsonNode answer) {
        if (answer.path("_shards").path("failed").asInt(1) > 0
                || answer.path("timed_out").asBoolean()) {
            throw new SyncException(
                    Remedy.RETRY, "A search of index \"" + tree.index() + "\" did not reach all of its shards");
        }
        return answer.path("hits").path("hits").valueStream();
    }

    private static StoredCopy copy(JsonNode document) {
        String mark = document.path("_primary_term").asText() + "/"
                + document.path("_seq_no").asText();
        return new StoredCopy(document.path("_id").asText(), mark, 1, Optional.ofNullable(document.get("_source")));
    }
}
