package io.pgsync.core.freshness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/**
 * Lets an application read its own writes: after its commit it takes {@code SELECT pg_current_wal_lsn()} and waits for
 * that position before it reads the documents. Uses {@code /wait} of a pgsync that runs with an HTTP server. Never
 * blocks; safe from any thread.
 *
 * <p>A future completes with the position up to which everything is stored: the requested one or a later one. It fails
 * with a {@link TimeoutException} if that takes longer than allowed (the write is not lost, only late), with an
 * {@link IllegalArgumentException} if there is no such index or no such position, and with a {@link SyncException} if
 * pgsync does not answer.
 */
public final class ReadYourWrites {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    /** In addition to the time for which pgsync waits, so that its answer arrives first. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final URI pgsync;
    private final HttpClient http;

    /** {@code pgsync}: {@code http://host:port}. The caller closes the client. */
    public ReadYourWrites(URI pgsync, HttpClient http) {
        this.pgsync = pgsync;
        this.http = http;
    }

    /** As {@link #ReadYourWrites(URI, HttpClient)}, with a new client. */
    public static ReadYourWrites at(URI pgsync) {
        return new ReadYourWrites(
                pgsync,
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .build());
    }

    /** Completes when a GET of any document of {@code index} shows what was committed up to {@code lsn}, or a later state. */
    public CompletableFuture<Lsn> awaitReadable(Lsn lsn, String index, Duration timeout) {
        return await(lsn, index, timeout, false);
    }

    /** As {@link #awaitReadable}, and searches find it too. This needs a refresh, which costs the engine something. */
    public CompletableFuture<Lsn> awaitSearchable(Lsn lsn, String index, Duration timeout) {
        return await(lsn, index, timeout, true);
    }

    private CompletableFuture<Lsn> await(Lsn lsn, String index, Duration timeout, boolean refresh) {
        String query = "/wait?lsn=%s&index=%s&timeout=%s&refresh=%s"
                .formatted(lsn, URLEncoder.encode(index, StandardCharsets.UTF_8), timeout.toMillis() / 1e3, refresh);
        HttpRequest request = HttpRequest.newBuilder(pgsync.resolve(query))
                .timeout(timeout.plus(GRACE))
                .build();
        return http.sendAsync(request, BodyHandlers.ofString())
                .handle((response, failure) -> failure == null ? position(response) : noAnswer(failure));
    }

    private static Lsn position(HttpResponse<String> response) {
        JsonNode body = json(response.body());
        return switch (response.statusCode()) {
            case 200 -> Lsn.parse(body.path("position").asText());
            case 504 -> throw new CompletionException(new TimeoutException(reason(body)));
            case 400, 404 -> throw new CompletionException(new IllegalArgumentException(reason(body)));
            default ->
                throw new SyncException(
                        Remedy.RETRY,
                        "pgsync at %s answered with status %d: %s"
                                .formatted(response.uri().getAuthority(), response.statusCode(), reason(body)));
        };
    }

    private static String reason(JsonNode body) {
        return body.path("error").asText("no reason given");
    }

    private static JsonNode json(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    private Lsn noAnswer(Throwable failure) {
        throw new SyncException(
                Remedy.RETRY,
                "pgsync at " + pgsync.getAuthority() + " does not answer (" + failure
                        + "). Check that it runs, and the address and port of its HTTP server",
                failure);
    }
}
