package io.pgsync.elasticsearch.lookup;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import java.io.IOException;
import java.io.UncheckedIOException;
import reactor.core.publisher.Mono;

/** Reads single documents as they are stored, to show them; numbers keep their digits. */
public final class StoredDocuments {
    private static final int NOT_FOUND = 404;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final ElasticsearchConnection connection;

    public StoredDocuments(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    /**
     * The document's source; empty if there is no such document or index. With routing, only documents are found that
     * the last refresh made visible.
     */
    public Mono<JsonNode> find(DocumentTree tree, String id) {
        String what = "look for document " + id + " of index \"" + tree.index() + "\"";
        // With routing the shard is unknown, and a get asks only one.
        Request request = tree.routing().isPresent()
                ? search(tree.index(), id)
                : new Request("GET", Paths.document(tree.index(), id));
        return connection
                .send(request)
                .flatMap(answer -> {
                    if (!answer.isSuccess() && answer.status() != NOT_FOUND) {
                        return Mono.error(connection.failure(what, answer));
                    }
                    JsonNode json = parsed(answer.body());
                    JsonNode found = json.path("hits").path("hits").path(0);
                    JsonNode source = (found.isMissingNode() ? json : found).path("_source");
                    return Mono.justOrEmpty(source.isMissingNode() ? null : source);
                })
                .onErrorMap(error -> !(error instanceof SyncException), error -> connection.failure(what, error));
    }

    private static Request search(String index, String id) {
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject("query").putObject("ids").putArray("values").add(id);
        var request = new Request("POST", Paths.index(index) + "/_search");
        request.setJsonEntity(body.toString());
        return request;
    }

    private static JsonNode parsed(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException("The engine's answer is not JSON", e);
        }
    }
}
