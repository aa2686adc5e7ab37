package io.pgsync.elasticsearch.bulk;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Finds a routing value for each shard of an index. The engine is asked, because only it knows its hash function. */
final class ShardRoutings {
    /** Small numbers are spread evenly: even 100 shards are covered after some hundred of them. */
    private static final int MOST_TRIES = 10_000;

    private final ElasticsearchConnection connection;

    ShardRoutings(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    Mono<List<String>> of(String index) {
        return refusePartitioned(index)
                .then(shardCount(index))
                .flatMap(shards -> Flux.range(0, MOST_TRIES)
                        .map(String::valueOf)
                        .concatMap(routing -> shardOf(index, routing).map(shard -> Map.entry(shard, routing)), 1)
                        .distinct(Map.Entry::getKey)
                        .take(shards)
                        .map(Map.Entry::getValue)
                        .collectList());
    }

    private Mono<Void> refusePartitioned(String index) {
        return connection
                .repeatable(
                        "read the settings of index \"" + index + "\"",
                        new Request("GET", Paths.index(index) + "/_settings?flat_settings=true"))
                .flatMap(settings -> settings.valueStream().anyMatch(ShardRoutings::isPartitioned)
                        ? Mono.error(new SyncException(
                                Remedy.STOP,
                                "Index \"" + index
                                        + "\" has index.routing_partition_size above 1, so that a routing does not name"
                                        + " one shard. Create it without that setting."))
                        : Mono.empty());
    }

    private static boolean isPartitioned(JsonNode index) {
        return index.path("settings").path("index.routing_partition_size").asInt() > 1;
    }

    private Mono<Integer> shardCount(String index) {
        return shards(index, Optional.empty()).map(JsonNode::size);
    }

    private Mono<Integer> shardOf(String index, String routing) {
        return shards(index, Optional.of(routing))
                .map(shards -> shards.required(0).required(0).required("shard").asInt());
    }

    /** The shards that a search with that routing asks, each as a list of its copies. */
    private Mono<JsonNode> shards(String index, Optional<String> routing) {
        var request = new Request("POST", Paths.index(index) + "/_search_shards");
        routing.ifPresent(value -> request.addParameter("routing", value));
        return connection
                .repeatable("list the shards of index \"" + index + "\"", request)
                .map(answer -> answer.path("shards"))
                .filter(shards -> !shards.isEmpty())
                .switchIfEmpty(Mono.error(() -> new SyncException(
                        Remedy.RETRY, "The engine did not tell the shards of index \"" + index + "\".")));
    }
}
