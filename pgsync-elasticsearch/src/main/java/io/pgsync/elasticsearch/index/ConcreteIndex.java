package io.pgsync.elasticsearch.index;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/**
 * The index behind a name, which may be an alias.
 *
 * @param uuid a new one whenever the index is created again
 * @param isWriteBlocked whether {@code index.blocks.write} is set
 */
record ConcreteIndex(String name, String uuid, boolean isWriteBlocked) {
    /** Empty if there is none; an error if the name stands for several. */
    static Mono<ConcreteIndex> find(ElasticsearchConnection connection, String index) {
        var request = new Request(
                "GET",
                Paths.index(index)
                        + "/_settings/index.uuid,index.blocks.write?flat_settings=true&ignore_unavailable=true");
        return connection
                .repeatable("look for index \"" + index + "\"", request)
                .flatMap(found -> {
                    if (found.size() > 1) {
                        return Mono.error(new SyncException(
                                Remedy.STOP,
                                "\"" + index + "\" stands for several indexes (" + names(found)
                                        + "). Name one of them in schema.json."));
                    }
                    return Mono.justOrEmpty(found.propertyStream()
                            .map(entry -> of(entry.getKey(), entry.getValue().path("settings")))
                            .findFirst());
                });
    }

    private static String names(JsonNode found) {
        return found.propertyStream().map(Map.Entry::getKey).collect(Collectors.joining(", "));
    }

    private static ConcreteIndex of(String name, JsonNode settings) {
        String uuid = settings.path("index.uuid").asText();
        if (uuid.isEmpty()) {
            throw new SyncException(Remedy.RETRY, "The engine did not tell the identifier of an index.");
        }
        return new ConcreteIndex(name, uuid, settings.path("index.blocks.write").asBoolean());
    }

    /** Every alias of the index. */
    static Mono<Set<String>> aliases(ElasticsearchConnection connection, String index) {
        return connection
                .repeatable(
                        "read the aliases of index \"" + index + "\"",
                        new Request("GET", Paths.index(index) + "/_alias"))
                .map(answer -> answer.valueStream()
                        .flatMap(found -> found.path("aliases").propertyStream())
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet()));
    }
}
