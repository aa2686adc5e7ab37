package io.pgsync.cli.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.runtime.report.RunFigures.IndexFigures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * A client may send its next request before the last one is answered. Reactor Netty 1.3.6 and 1.3.7 then stop reading from the
 * connection, reactor-netty issue 4361: the request after it is never answered.
 */
class KeptConnectionTest {
    private static final String HOST = "127.0.0.1";
    private static final int PATIENCE_MILLIS = 10_000;

    @Test
    void everyRequestOnAConnectionIsAnswered() throws IOException {
        var database = new FixedDatabase("shop", true, new IndexFigures(0, 0, 0, 0, 0, true, Optional.empty()));
        try (var endpoints = HttpEndpoints.open(HOST, 0, List.of(database));
                var socket = new Socket(InetAddress.getByName(HOST), endpoints.port())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            var answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));

            // The first is answered by another thread, and later than the second is read.
            send(socket, request("/wait?lsn=0/1&timeout=0.05") + request("/health/live"));
            assertThat(status(answers)).isEqualTo("HTTP/1.1 504 Gateway Timeout");
            assertThat(status(answers)).isEqualTo("HTTP/1.1 200 OK");

            send(socket, request("/health/live"));
            assertThat(status(answers)).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    private static String request(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n";
    }

    private static void send(Socket socket, String requests) throws IOException {
        socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
    }

    /** The first line of the next answer. */
    private static String status(BufferedReader answers) throws IOException {
        String line = answers.readLine();
        while (!line.startsWith("HTTP/")) {
            line = answers.readLine();
        }
        return line;
    }
}
