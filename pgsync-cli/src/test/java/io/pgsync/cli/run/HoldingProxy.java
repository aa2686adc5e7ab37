package io.pgsync.cli.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Passes bytes on to a server, and from some moment on keeps back what clients send, as a network may that delivers it late. */
final class HoldingProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "holding-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private volatile CountDownLatch gate = new CountDownLatch(0);

    private HoldingProxy(int target) throws IOException {
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.target = target;
        threads.execute(this::accept);
    }

    static HoldingProxy to(int port) throws IOException {
        return new HoldingProxy(port);
    }

    int port() {
        return listener.getLocalPort();
    }

    void hold() {
        gate = new CountDownLatch(1);
    }

    /** What is being kept back. */
    String held() {
        synchronized (held) {
            return held.toString(StandardCharsets.UTF_8);
        }
    }

    void release() {
        gate.countDown();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                var server = new Socket(InetAddress.getLoopbackAddress(), target);
                threads.execute(() -> pass(client, server, true));
                threads.execute(() -> pass(server, client, false));
            }
        } catch (IOException e) {
            // Closed: nobody is served any more.
        }
    }

    private void pass(Socket from, Socket to, boolean mayHold) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            var bytes = new byte[1 << 16];
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                if (mayHold && gate.getCount() > 0) {
                    note(bytes, count);
                    gate.await();
                }
                out.write(bytes, 0, count);
                out.flush();
            }
        } catch (IOException e) {
            // One side is gone, and so is the other.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void note(byte[] bytes, int count) {
        synchronized (held) {
            held.write(bytes, 0, count);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
