package io.pgsync.replication.connection;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.ToIntFunction;

/** One address in front of several servers of this machine. Each new connection is led to one of them by what it asks for. */
final class RoutingProxy implements AutoCloseable {
    private static final int LONGEST_STARTUP = 10_000;

    private final ServerSocket address = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private volatile ToIntFunction<String> route;

    /** {@code route} tells the port of the server out of the startup message, which names the parameters of the session. */
    RoutingProxy(ToIntFunction<String> route) throws IOException {
        this.route = route;
        start(this::accept);
    }

    /** For new connections; those that are open stay where they are. */
    void route(ToIntFunction<String> other) {
        route = other;
    }

    int port() {
        return address.getLocalPort();
    }

    private void accept() {
        while (!address.isClosed()) {
            try {
                Socket client = address.accept();
                start(() -> connect(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        try {
            byte[] startup = new byte[LONGEST_STARTUP];
            int length = client.getInputStream().read(startup);
            var server = new Socket(
                    InetAddress.getLoopbackAddress(),
                    route.applyAsInt(new String(startup, 0, Math.max(length, 0), StandardCharsets.ISO_8859_1)));
            server.getOutputStream().write(startup, 0, length);
            start(() -> pump(server, client));
            pump(client, server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException closed) {
            // Both ends are closed by now.
        }
    }

    private static void start(Runnable work) {
        var thread = new Thread(work, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        address.close();
    }
}
