package io.pgsync.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** A search engine over plain HTTP, by nothing that the product uses. Blocks; safe from any thread. */
final class Engine {
    static final JsonMapper JSON = new JsonMapper();

    private final URI url;
    private final Optional<String> authorization;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** {@code url} may name a user and a password. */
    Engine(URI url) {
        this.url = URI.create("%s://%s:%d".formatted(url.getScheme(), url.getHost(), url.getPort()));
        this.authorization = Optional.ofNullable(url.getUserInfo())
                .map(login -> "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    }

    /** The answer to a request that must succeed. */
    JsonNode call(String method, String path, String body) throws IOException {
        HttpResponse<byte[]> answer = send(method, path, "application/json", body.getBytes(StandardCharsets.UTF_8));
        if (answer.statusCode() / 100 != 2) {
            throw new IOException("%s %s was answered %d: %s"
                    .formatted(method, path, answer.statusCode(), new String(answer.body(), StandardCharsets.UTF_8)));
        }
        return JSON.readTree(answer.body());
    }

    JsonNode get(String path) throws IOException {
        return call("GET", path, "");
    }

    /** Whether a search for one document by its id shows {@code text} in it now. */
    boolean shows(String index, String id, String text) throws IOException {
        byte[] document = send("GET", "/" + index + "/_doc/" + id, "application/json", new byte[0])
                .body();
        return new String(document, StandardCharsets.UTF_8).contains(text);
    }

    /** Whatever the answer is. */
    HttpResponse<byte[]> send(String method, String path, String contentType, byte[] body) throws IOException {
        var request = HttpRequest.newBuilder(url.resolve(path))
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                .header("Content-Type", contentType);
        authorization.ifPresent(value -> request.header("Authorization", value));
        try {
            return client.send(request.build(), BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException(method + " " + path).initCause(e);
        }
    }
}
