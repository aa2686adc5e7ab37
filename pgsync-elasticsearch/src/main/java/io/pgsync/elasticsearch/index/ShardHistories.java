package io.pgsync.elasticsearch.index;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * Tells whether the shards of an index still hold what was stored in them. A new copy of a shard gets the history
 * identifier of the copy from which it is made. A shard that is allocated empty, from a stale copy, or from a snapshot
 * begins a new history.
 */
final class ShardHistories {
    private static final Set<String> THERE = Set.of("STARTED", "RELOCATING");

    private ShardHistories() {}

    /** By the number of the shard; only of available primaries. */
    static Mono<Map<String, String>> of(ElasticsearchConnection connection, String index) {
        String path = Paths.index(index) + "/_stats/docs?level=shards&forbid_closed_indices=false"
                + "&filter_path=indices.*.shards.*.routing,indices.*.shards.*.commit.user_data.history_uuid";
        return connection
                .json("tell the history of the shards of index \"" + index + "\"", new Request("GET", path))
                .map(ShardHistories::read);
    }

    private static Map<String, String> read(JsonNode answer) {
        var histories = new HashMap<String, String>();
        for (JsonNode index : answer.path("indices")) {
            index.path("shards")
                    .properties()
                    .forEach(shard -> shard.getValue().forEach(copy -> {
                        JsonNode history = copy.at("/commit/user_data/history_uuid");
                        if (isPrimary(copy.path("routing")) && history.isTextual()) {
                            histories.put(shard.getKey(), history.asText());
                        }
                    }));
        }
        return histories;
    }

    private static boolean isPrimary(JsonNode routing) {
        return routing.path("primary").asBoolean()
                && THERE.contains(routing.path("state").asText());
    }
}
