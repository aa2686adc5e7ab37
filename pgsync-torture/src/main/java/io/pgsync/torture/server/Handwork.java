package io.pgsync.torture.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** What somebody does to the engine past pgsync. An engine that is busy is asked again for a while. All methods block. */
public final class Handwork {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Set<Integer> PASSING = Set.of(429, 503);
    /** What is to be written is gone, or others are faster all the time. */
    private static final Set<Integer> TOO_LATE = Set.of(404, 409);

    private final TreeServers servers;

    public Handwork(TreeServers servers) {
        this.servers = servers;
    }

    /** The index that has this name, or the alias; empty if there is none. */
    public Optional<String> indexBehind(String name) throws IOException {
        return send("GET", "/" + name + "/_mapping", "")
                .flatMap(found -> found.propertyStream().findFirst())
                .map(Map.Entry::getKey);
    }

    /** The fields of an index; empty if it is gone. */
    public Optional<JsonNode> fields(String index) throws IOException {
        return send("GET", "/" + index + "/_mapping", "")
                .map(found -> found.path(index).path("mappings").path("properties"));
    }

    /** Adds to the fields of an index, unless it is gone. */
    public void putFields(String index, JsonNode fields) throws IOException {
        send(
                "PUT",
                "/" + index + "/_mapping",
                JSON.createObjectNode().set("properties", fields).toString());
    }

    /** Overwrites fields of a document and gives its version then; empty if it is gone. */
    public Optional<Long> change(String index, String id, JsonNode fields) throws IOException {
        var body = JSON.createObjectNode().set("doc", fields).toString();
        return version(send("POST", "/" + index + "/_update/" + encoded(id) + "?retry_on_conflict=9", body));
    }

    /** Gives the version of the document. */
    public Optional<Long> put(String index, String id, JsonNode source) throws IOException {
        return version(send("PUT", document(index, id), source.toString()));
    }

    /** False if it is gone. */
    public boolean delete(String index, String id) throws IOException {
        return send("DELETE", document(index, id), "").isPresent();
    }

    /** The version of a document; empty if it is not there. */
    public Optional<Long> version(String index, String id) throws IOException {
        return version(send("GET", document(index, id), ""));
    }

    private static Optional<Long> version(Optional<JsonNode> answer) {
        return answer.map(document -> document.path("_version").asLong());
    }

    private static String document(String index, String id) {
        return "/" + index + "/_doc/" + encoded(id);
    }

    private static String encoded(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Writes are blocked for a moment whenever a process takes an index over. */
    private static boolean passes(HttpResponse<String> answer) {
        return PASSING.contains(answer.statusCode()) || answer.body().contains("cluster_block_exception");
    }

    private Optional<JsonNode> send(String method, String path, String body) throws IOException {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            HttpResponse<String> answer = servers.servers().send(method, path, body);
            if (answer.statusCode() < 300) {
                return Optional.of(JSON.readTree(answer.body()));
            }
            if (TOO_LATE.contains(answer.statusCode())) {
                return Optional.empty();
            }
            if (!passes(answer) || System.nanoTime() > deadline) {
                throw new IOException("%s %s: %s".formatted(method, path, answer.body()));
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
