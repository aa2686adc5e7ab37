package io.pgsync.torture.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.pgsync.torture.proxy.FaultyProxy.Listener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultyProxyTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String ANSWER = "x".repeat(100_000);

    private final List<String> arrived = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private FaultyProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            arrived.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.sendResponseHeaders(200, ANSWER.length());
            exchange.getResponseBody().write(ANSWER.getBytes(UTF_8));
            exchange.close();
        });
        // A request that is held half-way keeps its thread.
        server.setExecutor(threads);
        server.start();
        proxy = FaultyProxy.to(server::getAddress, Listener.NONE, Listener.NONE);
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void whatNothingStandsInTheWayOfArrives() throws Exception {
        assertThat(send("body").body()).isEqualTo(ANSWER);
        assertThat(arrived).containsExactly("body");
    }

    @ParameterizedTest
    @EnumSource(ForeignAnswer.class)
    void anotherMayAnswerInTheServersPlace(ForeignAnswer answer) throws Exception {
        proxy.obstacles().answer(answer);

        var response = send("z".repeat(200_000));

        assertThat(response.statusCode()).isIn(302, 400, 401, 403, 404, 502);
        assertThat(response.body()).startsWith("<html>");
        assertThat(proxy.obstacles().answered()).isEqualTo(1);
        assertThat(arrived).isEmpty();
    }

    @Test
    void anAnswerMayArriveByHalf() throws Exception {
        proxy.obstacles().cutAnswers(1);

        assertThatThrownBy(() -> send("body")).isInstanceOf(IOException.class);

        assertThat(arrived).containsExactly("body");
        assertThat(send("body").body()).isEqualTo(ANSWER);
    }

    @Test
    void aTextMayBeKeptFromTheServer() throws Exception {
        proxy.obstacles().refuse("secret");

        var held = CompletableFuture.supplyAsync(() -> sendUnchecked("a secret"));
        send("anything else");
        await(() -> proxy.obstacles().refused() > 0);
        proxy.obstacles().refuseNothing();

        assertThat(held).failsWithin(DEADLINE);
        assertThat(arrived).containsExactly("anything else");
    }

    @Test
    void afterHealingEverythingArrives() throws Exception {
        proxy.obstacles().refuse("body");
        proxy.obstacles().cutAnswers(9);
        proxy.obstacles().answer(ForeignAnswer.NOT_FOUND);

        proxy.obstacles().heal();

        assertThat(send("body").statusCode()).isEqualTo(200);
    }

    private static void await(BooleanSupplier condition) {
        var deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private HttpResponse<String> sendUnchecked(String body) {
        try {
            return send(body);
        } catch (IOException | InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    private HttpResponse<String> send(String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/any".formatted(proxy.port())))
                .POST(BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }
}
