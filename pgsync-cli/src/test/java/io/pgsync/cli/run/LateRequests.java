package io.pgsync.cli.run;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A proxy of HTTP that takes in the first request with some text whole and delivers it later, as one does that tries its upstream again. The
 * upstream may be restarted meanwhile, and who sent the request may have given it up.
 */
final class LateRequests implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI upstream;
    private final String text;
    private final CompletableFuture<Void> held = new CompletableFuture<>();
    private final CompletableFuture<Void> release = new CompletableFuture<>();
    private final CompletableFuture<String> delivered = new CompletableFuture<>();

    private LateRequests(URI upstream, String text) throws IOException {
        this.upstream = upstream;
        this.text = text;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    static LateRequests with(String text, URI upstream) throws IOException {
        return new LateRequests(upstream, text);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Done when the request is there. */
    CompletableFuture<Void> held() {
        return held;
    }

    /** Delivers the request; gives the upstream's answer. */
    CompletableFuture<String> release() {
        release.complete(null);
        return delivered;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean late = new String(body, StandardCharsets.UTF_8).contains(text) && held.complete(null);
            if (late) {
                release.join();
            }
            HttpResponse<byte[]> answer = http.send(request(exchange, body), BodyHandlers.ofByteArray());
            if (late) {
                delivered.complete(new String(answer.body(), StandardCharsets.UTF_8));
            }
            for (String name : List.of("Content-Type", "X-Elastic-Product", "X-OpenSearch-Version")) {
                answer.headers()
                        .firstValue(name)
                        .ifPresent(value -> exchange.getResponseHeaders().set(name, value));
            }
            boolean empty =
                    answer.body().length == 0 || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(answer.statusCode(), empty ? -1 : answer.body().length);
            exchange.getResponseBody().write(empty ? new byte[0] : answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpRequest request(HttpExchange exchange, byte[] body) {
        var request = HttpRequest.newBuilder(upstream.resolve(exchange.getRequestURI()))
                .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
        for (String name : new String[] {"Content-Type", "Accept"}) {
            String value = exchange.getRequestHeaders().getFirst(name);
            if (value != null) {
                request.header(name, value);
            }
        }
        return request.build();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
