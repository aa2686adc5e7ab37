package io.pgsync.core.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.SyncException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a stub; HttpEndpointsIT of pgsync-cli asks the real endpoint. */
class ReadYourWritesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Lsn COMMIT = Lsn.parse("16/B374D848");

    private HttpServer server;
    private String asked = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void asksForThePositionAndGivesTheOneThatIsStored() {
        answer(200, "{\"position\":\"16/B374D900\",\"waited_ms\":3}");

        assertThat(client().awaitSearchable(COMMIT, "books & more", Duration.ofMillis(1500)))
                .succeedsWithin(PATIENCE)
                .isEqualTo(Lsn.parse("16/B374D900"));
        assertThat(asked).isEqualTo("/wait?lsn=16/B374D848&index=books+%26+more&timeout=1.5&refresh=true");
    }

    @Test
    void tellsLateFromWrongFromBroken() {
        answer(504, "{\"error\":\"not stored after 1 s\"}");
        assertFails(client(), TimeoutException.class, "not stored after 1 s");

        answer(404, "{\"error\":\"index books is not followed here\"}");
        assertFails(client(), IllegalArgumentException.class, "index books is not followed here");

        answer(502, "<html>a proxy</html>");
        assertFails(client(), SyncException.class, "answered with status 502");
    }

    @Test
    void saysWhereNobodyAnswers() {
        assertFails(
                ReadYourWrites.at(URI.create("http://127.0.0.1:1")),
                SyncException.class,
                "address and port of its HTTP server");
    }

    private static void assertFails(ReadYourWrites client, Class<? extends Exception> type, String words) {
        CompletableFuture<Lsn> answer = client.awaitReadable(COMMIT, "books", Duration.ofSeconds(1));

        assertThat(answer)
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(type)
                .withMessageContaining(words);
    }

    private ReadYourWrites client() {
        return ReadYourWrites.at(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }

    private void answer(int status, String body) {
        if (!asked.isEmpty()) {
            server.removeContext("/wait");
        }
        asked = "-";
        server.createContext("/wait", exchange -> {
            asked = exchange.getRequestURI().toString();
            exchange.sendResponseHeaders(status, body.length());
            exchange.getResponseBody().write(body.getBytes());
            exchange.close();
        });
    }
}
