package io.pgsync.elasticsearch.bulk;

import co.elastic.clients.elasticsearch.core.SearchShardsResponse;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.ElasticsearchConnection;
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
                        client -> client.indices().getSettings(get -> get.index(index)))
                .flatMap(settings -> settings.settings().values().stream().anyMatch(ShardRoutings::isPartitioned)
                        ? Mono.error(new SyncException(
                                Remedy.STOP,
                                "Index \"" + index
                                        + "\" has index.routing_partition_size above 1, so that a routing does not name"
                                        + " one shard. Create it without that setting."))
                        : Mono.empty());
    }

    private static boolean isPartitioned(co.elastic.clients.elasticsearch.indices.IndexState state) {
        return Optional.ofNullable(state.settings())
                .flatMap(settings -> Optional.ofNullable(settings.index()))
                .flatMap(settings -> Optional.ofNullable(settings.routingPartitionSize()))
                .filter(size -> size > 1)
                .isPresent();
    }

    private Mono<Integer> shardCount(String index) {
        return shards(index, Optional.empty()).map(answer -> answer.shards().size());
    }

    private Mono<Integer> shardOf(String index, String routing) {
        return shards(index, Optional.of(routing))
                .map(answer -> answer.shards().get(0).get(0).shard());
    }

    private Mono<SearchShardsResponse> shards(String index, Optional<String> routing) {
        return connection.repeatable(
                "list the shards of index \"" + index + "\"",
                client -> client.searchShards(request -> {
                    request.index(index);
                    routing.ifPresent(request::routing);
                    return request;
                }));
    }
}
