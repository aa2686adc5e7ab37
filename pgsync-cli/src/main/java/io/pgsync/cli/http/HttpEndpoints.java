package io.pgsync.cli.http;

import io.pgsync.runtime.report.FollowedDatabase;
import java.time.Duration;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/**
 * The HTTP server of a running process, on its own threads. It has no authentication: it is for this machine or a
 * closed network.
 */
public final class HttpEndpoints implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpEndpoints.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final LoopResources threads;
    private final DisposableServer server;

    private HttpEndpoints(LoopResources threads, DisposableServer server) {
        this.threads = threads;
        this.server = server;
    }

    /** Listens until it is closed; fails if it cannot. Blocks. */
    public static HttpEndpoints open(String host, int port, Collection<FollowedDatabase> databases) {
        var threads = LoopResources.create("pgsync-http", 1, true);
        var endpoints = new HttpEndpoints(threads, bound(host, port, databases, threads));
        log.info("Health, metrics and status at http://{}:{}", host, endpoints.port());
        return endpoints;
    }

    private static DisposableServer bound(
            String host, int port, Collection<FollowedDatabase> databases, LoopResources threads) {
        try {
            return HttpServer.create()
                    .host(host)
                    .port(port)
                    .runOn(threads)
                    .route(new Routes(databases)::addTo)
                    .bindNow(PATIENCE);
        } catch (RuntimeException e) {
            threads.dispose();
            throw e;
        }
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.disposeNow(PATIENCE);
        threads.disposeLater(Duration.ZERO, PATIENCE).block(PATIENCE);
    }
}
