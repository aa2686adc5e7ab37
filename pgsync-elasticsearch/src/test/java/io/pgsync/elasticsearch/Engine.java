package io.pgsync.elasticsearch;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.embedded.elasticsearch.ElasticsearchServer;
import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A connection to the shared test server, with what tests ask of it. */
final class Engine implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ElasticsearchServer server;
    private final Scheduler scheduler = Schedulers.newParallel("engine", 2);
    private final ElasticsearchConnection connection;

    private Engine(ElasticsearchServer server) {
        this.server = server;
        this.connection = ElasticsearchConnection.open(settings(server), scheduler);
    }

    static Engine shared() {
        return new Engine(ElasticsearchServers.shared());
    }

    static Engine at(ElasticsearchServer server) {
        return new Engine(server);
    }

    static ElasticsearchSettings settings(ElasticsearchServer server) {
        ElasticsearchSettings settings = ElasticsearchSettings.of(server.url().toString());
        return server.login()
                .map(login -> settings.withAuthentication(new Authentication.Basic(login.user(), login.password())))
                .orElse(settings);
    }

    ElasticsearchConnection connection() {
        return connection;
    }

    String freshIndex() {
        return server.freshIndexName("books");
    }

    /** An index of one shard, without replicas. */
    String createIndex() {
        return createIndex(1);
    }

    String createIndex(int shards) {
        String index = freshIndex();
        ObjectNode settings = JsonNodeFactory.instance
                .objectNode()
                .put("number_of_shards", shards)
                .put("number_of_replicas", 0);
        new IndexInitializer(connection)
                .createIfMissing(index, settings, JsonNodeFactory.instance.objectNode())
                .block(PATIENCE);
        return index;
    }

    DocumentSink takeOver(String index, long generation) {
        return takeOver(new Destination(index, generation, Optional.empty(), false));
    }

    DocumentSink takeOver(Destination destination) {
        return takingOver(destination).block(PATIENCE);
    }

    Mono<DocumentSink> takingOver(Destination destination) {
        return new ElasticsearchOwnership(connection, BulkSettings.DEFAULT).takeOver(destination);
    }

    JsonNode document(String index, String id) {
        return get("/" + index + "/_doc/" + id);
    }

    JsonNode get(String path) {
        return connection.send(new Request("GET", path)).block(PATIENCE).json();
    }

    /** {@code body}: empty for none. */
    JsonNode send(String method, String path, String body) {
        var request = new Request(method, path);
        if (!body.isEmpty()) {
            request.setJsonEntity(body);
        }
        return connection.json("do what the test wants", request).block(PATIENCE);
    }

    @Override
    public void close() {
        connection.close();
        scheduler.dispose();
    }
}
