package io.pgsync.elasticsearch.index;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import io.pgsync.elasticsearch.RefusedRequestException;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Moves an index behind an alias of its own name: a clone of it gets another name, and then the alias takes the place
 * of the index in one step, so every search finds all documents. Each step may be repeated. Nobody may write meanwhile.
 */
public final class IndexMove {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final String OURS = "_pgsync_";

    private final ElasticsearchConnection connection;

    public IndexMove(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    /** Blocks writes to {@code index}, and completes when {@code clone} has all its documents. */
    public Mono<Void> copy(String index, String clone) {
        return connection
                .repeatable(
                        "block writes to index \"" + index + "\"",
                        new Request("PUT", Paths.index(index) + "/_block/write"))
                .then(Mono.defer(() -> ConcreteIndex.find(connection, clone).hasElement()))
                .flatMap(there -> there ? Mono.empty() : create(index, clone))
                .then(Mono.defer(() -> allocated(clone)))
                .then(Mono.defer(() -> Mono.zip(documents(index), documents(clone))))
                .flatMap(counts -> counts.getT1().equals(counts.getT2())
                        ? Mono.empty()
                        : Mono.error(new SyncException(
                                Remedy.STOP,
                                "Index \"%s\" is no copy of \"%s\": it has %,d documents instead of %,d. Delete it, and the copy is made again."
                                        .formatted(clone, index, counts.getT2(), counts.getT1()))));
    }

    private Mono<Void> create(String index, String clone) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("settings").putNull("index.blocks.write");
        var request = new Request("PUT", Paths.index(index) + "/_clone" + Paths.index(clone));
        request.setJsonEntity(body.toString());
        return connection
                .repeatable("clone index \"" + index + "\"", request)
                .then()
                .onErrorResume(
                        RefusedRequestException.withType("resource_already_exists_exception"), there -> Mono.empty());
    }

    /** Completes when every primary shard is there. */
    private Mono<Void> allocated(String index) {
        return Flux.interval(Duration.ZERO, POLL, connection.scheduler())
                .onBackpressureDrop()
                .concatMap(
                        tick -> connection.repeatable(
                                "read the health of index \"" + index + "\"",
                                new Request("GET", "/_cluster/health" + Paths.index(index))),
                        1)
                .filter(health -> !health.path("status").asText().equals("red")
                        && health.path("active_primary_shards").asInt() > 0)
                .next()
                .then();
    }

    private Mono<Long> documents(String index) {
        return refresh(index)
                .then(connection.repeatable(
                        "count the documents of index \"" + index + "\"",
                        new Request("GET", Paths.index(index) + "/_count")))
                .map(answer -> answer.required("count").asLong());
    }

    /** Deletes {@code index} and gives its name, and its other aliases, to {@code clone}, all in one step. */
    public Mono<Void> replace(String index, String clone) {
        return connection
                .repeatable(
                        "read the aliases of index \"" + index + "\"",
                        new Request("GET", Paths.index(index) + "/_alias"))
                .flatMap(answer -> answer.has(index)
                        ? switched(index, clone, answer.path(index).path("aliases"))
                        : Mono.empty());
    }

    private Mono<Void> switched(String index, String clone, JsonNode aliases) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        var actions = body.putArray("actions");
        actions.addObject().putObject("remove_index").put("index", index);
        actions.addObject().putObject("add").put("index", clone).put("alias", index);
        aliases.propertyStream().filter(alias -> !alias.getKey().contains(OURS)).forEach(alias -> {
            ObjectNode add = actions.addObject().putObject("add");
            alias.getValue().propertyStream().forEach(part -> add.set(part.getKey(), part.getValue()));
            add.put("index", clone).put("alias", alias.getKey());
        });
        var request = new Request("POST", "/_aliases");
        request.setJsonEntity(body.toString());
        return connection
                .json("give the name \"" + index + "\" to index \"" + clone + "\"", request)
                .then();
    }

    /** Makes everything that was written before visible to searches. */
    public Mono<Void> refresh(String index) {
        return connection
                .repeatable("refresh index \"" + index + "\"", new Request("POST", Paths.index(index) + "/_refresh"))
                .then();
    }

    /** The same, and waits a little for replicas that are on their way. */
    public Mono<Void> ready(String index, Duration atMost) {
        String path = "/_cluster/health" + Paths.index(index)
                + "?wait_for_status=yellow&wait_for_no_initializing_shards=true&timeout=" + atMost.toSeconds() + "s";
        return refresh(index)
                .then(connection
                        .json("read the health of index \"" + index + "\"", new Request("GET", path))
                        .then()
                        // If they take longer, the engine answers 408.
                        .onErrorResume(SyncException.class, late -> Mono.empty()));
    }
}
