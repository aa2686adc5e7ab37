package io.pgsync.elasticsearch;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.elasticsearch.index.IndexInitializer;
import io.pgsync.embedded.elasticsearch.ElasticsearchServer;
import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A connection to the shared test server, with what tests ask of it. */
public final class Engine implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ElasticsearchServer server;
    private final Scheduler scheduler = Schedulers.newParallel("engine", 2);
    private final ElasticsearchConnection connection;

    private Engine(ElasticsearchServer server) {
        this.server = server;
        this.connection = ElasticsearchConnection.open(settings(server), scheduler);
    }

    public static Engine shared() {
        return new Engine(ElasticsearchServers.shared());
    }

    public static Engine at(ElasticsearchServer server) {
        return new Engine(server);
    }

    public static ElasticsearchSettings settings(ElasticsearchServer server) {
        ElasticsearchSettings settings = ElasticsearchSettings.of(server.url().toString());
        return server.login()
                .map(login -> settings.withAuthentication(new Authentication.Basic(login.user(), login.password())))
                .orElse(settings);
    }

    /**
     * The rows of a table that are for the shared server, with their cells between bars. The first cell of a row names
     * the engine that it is for, with or without the number of its series, or says "every".
     */
    public static Stream<Arguments> rows(String table) {
        try (Engine engine = shared()) {
            String kind = engine.connection.kind().block(PATIENCE).name();
            String series =
                    kind + " " + engine.get("/").at("/version/number").asText().replaceAll("\\..*", "");
            return table.lines()
                    .map(row -> row.split("\\s*\\|\\s*", -1))
                    .filter(row ->
                            row[0].equals("every") || row[0].equalsIgnoreCase(kind) || row[0].equalsIgnoreCase(series))
                    .map(row -> Arguments.of((Object[]) Arrays.copyOfRange(row, 1, row.length)));
        }
    }

    public ElasticsearchConnection connection() {
        return connection;
    }

    public String freshIndex() {
        return server.freshIndexName("books");
    }

    /** An index of one shard, without replicas. */
    public String createIndex() {
        return createIndex(1);
    }

    public String createIndex(int shards) {
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

    public JsonNode document(String index, String id) {
        return get("/" + index + "/_doc/" + id);
    }

    public JsonNode get(String path) {
        return connection.send(new Request("GET", path)).block(PATIENCE).json();
    }

    /** {@code body}: empty for none. */
    public JsonNode send(String method, String path, String body) {
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
