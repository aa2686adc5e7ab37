package io.pgsync.cli.torture;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A way to a server on which connections are cut, stall, and lose answers, and may be overheard. Two threads for each connection; safe
 * from any thread.
 */
final class FaultyProxy implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;
    private static final long TICK = Duration.ofMillis(5).toNanos();

    private final String host;
    private final int port;
    private final Listener requests;
    private final Listener answers;
    private final ServerSocket entrance;
    private final Set<Passage> passages = ConcurrentHashMap.newKeySet();
    private final AtomicInteger answersToLose = new AtomicInteger();
    private volatile long stalledUntil = System.nanoTime();
    private volatile boolean holdsBulk;
    private volatile boolean closed;

    /** Called for every packet, before it goes on. */
    @FunctionalInterface
    interface Listener {
        Listener NONE = (buffer, length) -> {};

        void overhear(byte[] buffer, int length);
    }

    private FaultyProxy(String host, int port, Listener requests, Listener answers) throws IOException {
        this.host = host;
        this.port = port;
        this.requests = requests;
        this.answers = answers;
        this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    static FaultyProxy to(String host, int port, Listener requests, Listener answers) throws IOException {
        var proxy = new FaultyProxy(host, port, requests, answers);
        start("proxy-" + port, proxy::accept);
        return proxy;
    }

    int port() {
        return entrance.getLocalPort();
    }

    /** Ends all connections at both ends; new ones are let in. */
    void cut() {
        passages.forEach(Passage::close);
    }

    /** Nothing passes for a while, in either direction; then everything goes on. */
    void stall(Duration time) {
        stalledUntil = System.nanoTime() + time.toNanos();
    }

    /** The connections there are stay open at both ends, and nothing passes any more. */
    void silence() {
        passages.forEach(passage -> passage.silent = true);
    }

    /** Lets the server work on the next {@code count} bulk requests, and cuts their connections when it answers. */
    void loseAnswers(int count) {
        answersToLose.set(count);
    }

    /** Bulk requests that begin from now on do not reach the server, until this is called again with false. */
    void holdBulk(boolean hold) {
        holdsBulk = hold;
    }

    /** No more faults than have already happened. */
    void heal() {
        holdsBulk = false;
        answersToLose.set(0);
        stalledUntil = System.nanoTime();
    }

    private void accept() {
        while (!closed) {
            try {
                var client = entrance.accept();
                open(client);
            } catch (IOException e) {
                // Closed, or the server is not there: the client sees its connection end.
            }
        }
    }

    // The passage owns the two sockets and closes them.
    private void open(Socket client) throws IOException {
        try {
            var passage = new Passage(client, new Socket(host, port));
            passages.add(passage);
            start("proxy-" + port + "-up", passage::carryRequests);
            start("proxy-" + port + "-down", passage::carryAnswers);
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }

    private static void start(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        entrance.close();
        cut();
    }

    /** A connection and its continuation to the server. */
    private final class Passage {
        private final Socket client;
        private final Socket server;
        private volatile boolean silent;
        private volatile boolean losesAnswer;
        private volatile boolean open = true;

        Passage(Socket client, Socket server) throws IOException {
            this.client = client;
            this.server = server;
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        }

        void carryRequests() {
            carry(client, server, true);
        }

        void carryAnswers() {
            carry(server, client, false);
        }

        private void carry(Socket from, Socket to, boolean upwards) {
            var buffer = new byte[BUFFER];
            try {
                for (int length; (length = from.getInputStream().read(buffer)) >= 0; ) {
                    if (!mayPass(buffer, length, upwards)) {
                        break;
                    }
                    to.getOutputStream().write(buffer, 0, length);
                }
            } catch (IOException e) {
                // One end is gone, so the other must go as well.
            }
            close();
        }

        /** Waits as long as the packet has to; false if it is lost, and the connection with it. */
        private boolean mayPass(byte[] buffer, int length, boolean upwards) {
            (upwards ? requests : answers).overhear(buffer, length);
            if (upwards && isBulk(buffer, length)) {
                losesAnswer |= answersToLose.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
                await(() -> holdsBulk);
            }
            if (!upwards && losesAnswer) {
                return false;
            }
            await(() -> silent || System.nanoTime() < stalledUntil);
            return true;
        }

        private void await(BooleanSupplier obstacle) {
            while (open && obstacle.getAsBoolean()) {
                LockSupport.parkNanos(TICK);
            }
        }

        /** A request begins a packet: the client waits for the answer to the one before. */
        private boolean isBulk(byte[] buffer, int length) {
            var start = new String(buffer, 0, Math.min(length, 200), StandardCharsets.ISO_8859_1);
            return start.lines().findFirst().orElse("").contains("/_bulk");
        }

        void close() {
            open = false;
            passages.remove(this);
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
}
