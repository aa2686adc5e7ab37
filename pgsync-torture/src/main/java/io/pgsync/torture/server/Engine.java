package io.pgsync.torture.server;

import io.pgsync.embedded.elasticsearch.ElasticsearchServer;
import io.pgsync.embedded.elasticsearch.EmbeddedEngine;
import io.pgsync.embedded.elasticsearch.EngineBuilder;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The nodes of a search engine, with so little room that they answer with real 429s and 413s. All methods block; {@link #address} is safe
 * from any thread.
 */
public final class Engine implements AutoCloseable {
    /** In characters; a larger one may not fit into a request of {@value #LARGEST_REQUEST}. */
    public static final int LARGEST_DOCUMENT = 1_800_000;

    static final int CLUSTER_NODES = 3;

    private static final String LARGEST_REQUEST = "2mb";

    private final List<EmbeddedEngine> nodes;

    private Engine(List<EmbeddedEngine> nodes) {
        this.nodes = nodes;
    }

    static Engine singleNode(ServerVersions versions) {
        return new Engine(List.of(builder(versions).start()));
    }

    static Engine cluster(ServerVersions versions) {
        return new Engine(builder(versions).startCluster(CLUSTER_NODES).nodes());
    }

    private static EngineBuilder<?, ?> builder(ServerVersions versions) {
        EngineBuilder<?, ?> builder = versions.engine()
                .builder()
                .setting("node.processors", "1")
                .setting("thread_pool.write.queue_size", "1")
                .setting("http.max_content_length", LARGEST_REQUEST);
        versions.engineVersion().ifPresent(builder::version);
        return builder;
    }

    /** A node that runs, as a load balancer would choose it; the first one if none does. */
    ElasticsearchServer server() {
        return nodes.stream().filter(EmbeddedEngine::isRunning).findFirst().orElse(nodes.get(0));
    }

    /** Of {@link #server}. */
    public InetSocketAddress address() {
        var url = server().url();
        return new InetSocketAddress(url.getHost(), url.getPort());
    }

    boolean isCluster() {
        return nodes.size() > 1;
    }

    /** By its name in the cluster. */
    EmbeddedEngine node(String name) {
        return nodes.get(Integer.parseInt(name.replace("node-", "")) - 1);
    }

    public void crash() {
        nodes.get(0).kill();
        nodes.get(0).start();
    }

    /** Politely, one node after the other. */
    public void restart() {
        for (var node : nodes) {
            node.stop();
            node.start();
        }
    }

    @Override
    public void close() {
        nodes.forEach(EmbeddedEngine::close);
    }
}
