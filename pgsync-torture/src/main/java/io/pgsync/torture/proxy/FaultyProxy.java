package io.pgsync.torture.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * A way to a server on which connections are cut or go silent, where {@link #obstacles} stand, and on which may be listened. Two threads
 * for each connection; safe from any thread.
 */
public final class FaultyProxy implements AutoCloseable {
    private static final int WAITING_CONNECTIONS = 50;

    private final Supplier<InetSocketAddress> target;
    private final Listener requests;
    private final Listener answers;
    private final ServerSocket entrance;
    private final Obstacles obstacles = new Obstacles();
    private final Set<Passage> passages = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Called for every packet, before it goes on. */
    @FunctionalInterface
    public interface Listener {
        Listener NONE = (buffer, length) -> {};

        void overhear(byte[] buffer, int length);
    }

    private FaultyProxy(Supplier<InetSocketAddress> target, Listener requests, Listener answers) throws IOException {
        this.target = target;
        this.requests = requests;
        this.answers = answers;
        this.entrance = new ServerSocket(0, WAITING_CONNECTIONS, InetAddress.getLoopbackAddress());
    }

    /** {@code target} is asked for each connection: the server may move. */
    public static FaultyProxy to(Supplier<InetSocketAddress> target, Listener requests, Listener answers)
            throws IOException {
        var proxy = new FaultyProxy(target, requests, answers);
        start("proxy-" + proxy.port(), proxy::accept);
        return proxy;
    }

    public int port() {
        return entrance.getLocalPort();
    }

    public Obstacles obstacles() {
        return obstacles;
    }

    /** Ends all connections at both ends; new ones are let in. */
    public void cut() {
        passages.forEach(Passage::close);
    }

    /** The connections there are stay open at both ends, and nothing passes any more. */
    public void silence() {
        passages.forEach(Passage::silence);
    }

    private void accept() {
        while (!closed) {
            try {
                open(entrance.accept());
            } catch (IOException e) {
                // Closed, or the server is not there: the client sees its connection end.
            }
        }
    }

    // The passage owns the two sockets and closes them.
    private void open(Socket client) throws IOException {
        try {
            var address = target.get();
            var passage = new Passage(client, new Socket(address.getAddress(), address.getPort()), obstacles);
            passages.removeIf(other -> !other.isOpen());
            passages.add(passage);
            start("proxy-" + port() + "-up", () -> passage.carryRequests(requests));
            start("proxy-" + port() + "-down", () -> passage.carryAnswers(answers));
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
}
