package io.pgsync.torture.server;

import io.pgsync.embedded.elasticsearch.ElasticsearchServer;
import io.pgsync.embedded.elasticsearch.EmbeddedElasticsearch;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * The nodes of a search engine, with so little room that they answer with real 429s and 413s. All methods block; {@link #address} is safe
 * from any thread.
 */
public final class Engine implements AutoCloseable {
    static final int CLUSTER_NODES = 3;

    private final List<EmbeddedElasticsearch> nodes;

    private Engine(List<EmbeddedElasticsearch> nodes) {
        this.nodes = nodes;
    }

    static Engine singleNode(Optional<String> version) {
        return new Engine(List.of(builder(version).start()));
    }

    static Engine cluster(Optional<String> version) {
        return new Engine(builder(version).startCluster(CLUSTER_NODES).nodes());
    }

    private static EmbeddedElasticsearch.Builder builder(Optional<String> version) {
        var builder = EmbeddedElasticsearch.builder()
                .setting("node.processors", "1")
                .setting("thread_pool.write.queue_size", "1")
                .setting("http.max_content_length", "2mb");
        version.ifPresent(builder::version);
        return builder;
    }

    /** A node that runs, as a load balancer would choose it; the first one if none does. */
    ElasticsearchServer server() {
        return nodes.stream()
                .filter(EmbeddedElasticsearch::isRunning)
                .findFirst()
                .orElse(nodes.get(0));
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
    EmbeddedElasticsearch node(String name) {
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
        nodes.forEach(EmbeddedElasticsearch::close);
    }
}
