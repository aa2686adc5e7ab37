package io.pgsync.bench.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The client that all others are compared with: it posts finished requests, two at a time, and does nothing else. */
record RawBulk(Engine engine) {
    static final int IN_FLIGHT = 2;

    /** Blocks until all requests are answered; returns the number of documents. */
    int post(ScratchIndex index, BulkBodies bodies) throws IOException {
        var requests = new ConcurrentLinkedQueue<>(bodies.requests());
        ExecutorService clients = Executors.newFixedThreadPool(IN_FLIGHT);
        try {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < IN_FLIGHT; i++) {
                running.add(clients.submit(() -> {
                    for (byte[] body = requests.poll(); body != null; body = requests.poll()) {
                        post(index, body);
                    }
                    return true;
                }));
            }
            for (Future<?> client : running) {
                client.get();
            }
            return bodies.documents();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            clients.shutdownNow();
        }
    }

    private void post(ScratchIndex index, byte[] body) throws IOException {
        String path = "/" + index.name() + "/_bulk?filter_path=errors";
        byte[] answer = engine.send("POST", path, "application/x-ndjson", body).body();
        String text = new String(answer, StandardCharsets.UTF_8);
        if (!text.contains("\"errors\":false")) {
            throw new IOException("The raw client's request failed: " + text);
        }
    }
}
