package io.pgsync.elasticsearch.index;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import io.pgsync.elasticsearch.signing.ServiceRefusedException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Relaxes an index during its load: no refresh, no replicas. The earlier settings are first noted in the {@code _meta}
 * of the index's mapping, so that any later process can restore them. Where a hosting service does not offer this, the
 * load only takes longer.
 */
public final class LoadingSettings {
    private static final Logger log = LoggerFactory.getLogger(LoadingSettings.class);

    private static final String NOTE = "pgsync_before_load";
    private static final List<String> KEPT = List.of("refresh_interval", "number_of_replicas", "auto_expand_replicas");

    private final ElasticsearchConnection connection;

    public LoadingSettings(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    /** A repetition, even after a crash in between, keeps the first note. */
    public Mono<Void> relax(String index) {
        return meta(index)
                .flatMap(meta -> meta.has(NOTE)
                        ? Mono.empty()
                        : settings(index)
                                .flatMap(now -> writeMeta(index, meta.deepCopy().set(NOTE, now))))
                .then(Mono.defer(() -> writeSettings(index, relaxed())));
    }

    /** Does nothing if the index is not relaxed. */
    public Mono<Void> restore(String index) {
        return meta(index)
                .filter(meta -> meta.has(NOTE))
                .flatMap(meta -> writeSettings(index, meta.get(NOTE))
                        .then(Mono.defer(() -> writeMeta(index, meta.deepCopy().without(NOTE)))));
    }

    private static ObjectNode relaxed() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("refresh_interval", "-1")
                .put("auto_expand_replicas", false)
                .put("number_of_replicas", 0);
    }

    /** The settings to restore; null restores a default. */
    private Mono<ObjectNode> settings(String index) {
        var request = new Request("GET", Paths.index(index) + "/_settings");
        return connection
                .json("read the settings of index \"" + index + "\"", request)
                .map(answer -> {
                    JsonNode now = ConcreteIndex.only(index, answer)
                            .getValue()
                            .path("settings")
                            .path("index");
                    ObjectNode kept = JsonNodeFactory.instance.objectNode();
                    for (String name : KEPT) {
                        kept.set(name, now.get(name));
                    }
                    return kept;
                });
    }

    private Mono<ObjectNode> meta(String index) {
        var request = new Request("GET", Paths.index(index) + "/_mapping");
        return connection
                .json("read the mapping of index \"" + index + "\"", request)
                .map(answer -> {
                    JsonNode meta = ConcreteIndex.only(index, answer)
                            .getValue()
                            .path("mappings")
                            .path("_meta");
                    return meta instanceof ObjectNode found ? found : JsonNodeFactory.instance.objectNode();
                });
    }

    private Mono<Void> writeSettings(String index, JsonNode settings) {
        return put(index, "/_settings", JsonNodeFactory.instance.objectNode().set("index", settings))
                .onErrorResume(
                        ServiceRefusedException::isOfOperation,
                        refused -> Mono.fromRunnable(
                                () -> log.warn("Index {} keeps its settings. {}", index, refused.getMessage())));
    }

    private Mono<Void> writeMeta(String index, JsonNode meta) {
        return put(index, "/_mapping", JsonNodeFactory.instance.objectNode().set("_meta", meta));
    }

    private Mono<Void> put(String index, String path, JsonNode body) {
        var request = new Request("PUT", Paths.index(index) + path);
        request.setJsonEntity(body.toString());
        return connection.json("change index \"" + index + "\"", request).then();
    }
}
