package io.pgsync.torture.proxy;

import io.pgsync.torture.proxy.FaultyProxy.Listener;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** A connection to a proxy and its continuation to the server. Each direction is carried by a thread of its own. */
final class Passage {
    private static final int BUFFER = 64 * 1024;
    private static final int HEAD = 200;
    private static final int DRAINING_MILLIS = 2_000;
    private static final long TICK = Duration.ofMillis(5).toNanos();
    private static final Pattern REQUEST = Pattern.compile("(GET|HEAD|POST|PUT|DELETE) /\\S* HTTP/1\\.1");

    private final Socket client;
    private final Socket server;
    private final Obstacles obstacles;
    private volatile boolean silent;
    private volatile boolean losesAnswer;
    private volatile boolean open = true;

    /** Owns both sockets. */
    Passage(Socket client, Socket server, Obstacles obstacles) throws IOException {
        this.client = client;
        this.server = server;
        this.obstacles = obstacles;
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
    }

    /** Blocks until the connection ends at one of its ends. */
    void carryRequests(Listener listener) {
        carry(client, server, (buffer, length) -> {
            listener.overhear(buffer, length);
            return mayGoUp(buffer, length) ? length : 0;
        });
    }

    /** Blocks until the connection ends at one of its ends. */
    void carryAnswers(Listener listener) {
        carry(server, client, (buffer, length) -> {
            listener.overhear(buffer, length);
            return lengthThatGoesDown(buffer, length);
        });
    }

    private interface Gate {
        /** Waits as long as the packet has to, and gives how much of it passes; if that is not all, the connection ends. */
        int lengthThatPasses(byte[] buffer, int length) throws IOException;
    }

    private void carry(Socket from, Socket to, Gate gate) {
        var buffer = new byte[BUFFER];
        try {
            for (int length; (length = from.getInputStream().read(buffer)) >= 0; ) {
                var passes = gate.lengthThatPasses(buffer, length);
                to.getOutputStream().write(buffer, 0, passes);
                if (passes < length) {
                    break;
                }
            }
        } catch (IOException e) {
            // One end is gone, so the other must go as well.
        }
        close();
    }

    private boolean mayGoUp(byte[] buffer, int length) throws IOException {
        var line = firstLine(buffer, length);
        if (REQUEST.matcher(line).matches()) {
            var answer = obstacles.foreignAnswer();
            if (answer.isPresent()) {
                answerOnTheWay(answer.get());
                return false;
            }
        }
        if (obstacles.refuses(buffer, length)) {
            await(obstacles::isRefusing);
            return false;
        }
        if (line.contains("/_bulk")) {
            losesAnswer |= obstacles.takeLoss();
            await(obstacles::holdsBulk);
        }
        await(this::isHeldUp);
        return true;
    }

    private int lengthThatGoesDown(byte[] buffer, int length) {
        if (losesAnswer) {
            return 0;
        }
        await(this::isHeldUp);
        return firstLine(buffer, length).startsWith("HTTP/1.1 200") && obstacles.takeCut() ? length / 2 : length;
    }

    /** A request begins a packet: the client waits for the answer to the one before. */
    private static String firstLine(byte[] buffer, int length) {
        var start = new String(buffer, 0, Math.min(length, HEAD), StandardCharsets.ISO_8859_1);
        return start.lines().findFirst().orElse("");
    }

    /** Takes the rest of the request, so that the client gets to read the answer. */
    private void answerOnTheWay(ForeignAnswer answer) throws IOException {
        client.getOutputStream().write(answer.bytes());
        client.shutdownOutput();
        client.setSoTimeout(DRAINING_MILLIS);
        client.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private boolean isHeldUp() {
        return silent || obstacles.isStalled();
    }

    private void await(BooleanSupplier obstacle) {
        while (open && obstacle.getAsBoolean()) {
            LockSupport.parkNanos(TICK);
        }
    }

    /** Stays open at both ends, and nothing passes any more. */
    void silence() {
        silent = true;
    }

    boolean isOpen() {
        return open;
    }

    void close() {
        open = false;
        closeQuietly(client);
        closeQuietly(server);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nobody needs it any more.
        }
    }
}
