package io.pgsync.elasticsearch.index;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import io.pgsync.elasticsearch.RefusedRequestException;
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
    /**
     * Empty if there is none; an error if the name stands for several. Only an error of the engine says that there is
     * none: an answer without any index may come from a gateway, and OpenSearch 2 has no mark that a gateway lacks.
     */
    static Mono<ConcreteIndex> find(ElasticsearchConnection connection, String index) {
        var request =
                new Request("GET", Paths.index(index) + "/_settings/index.uuid,index.blocks.write?flat_settings=true");
        return connection
                .repeatable("look for index \"" + index + "\"", request)
                .map(found -> {
                    Map.Entry<String, JsonNode> only = only(index, found);
                    return of(only.getKey(), only.getValue().path("settings"));
                })
                .onErrorResume(RefusedRequestException.withType("index_not_found_exception"), missing -> Mono.empty());
    }

    /** The one index in an answer that has a field for each. */
    static Map.Entry<String, JsonNode> only(String index, JsonNode found) {
        if (found.size() > 1) {
            throw new SyncException(
                    Remedy.STOP,
                    "\"" + index + "\" stands for several indexes (" + names(found)
                            + "). Name one of them in schema.json.");
        }
        return found.properties().stream().findFirst().orElseThrow(() -> byAStranger(index));
    }

    private static SyncException byAStranger(String index) {
        return new SyncException(
                Remedy.RETRY,
                "The search engine did not answer: something else answered in its place, with no index where \"" + index
                        + "\" was asked for. Look at what is on the way to it: a proxy, an ingress, a login page.");
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
                .map(answer -> only(index, answer)
                        .getValue()
                        .path("aliases")
                        .propertyStream()
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet()));
    }
}
