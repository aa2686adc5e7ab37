package io.pgsync.embedded.elasticsearch;

import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

/** Several nodes that form one cluster, for tests of what happens when some of them stop. All methods block. */
public final class EmbeddedCluster implements AutoCloseable {

    private final List<EmbeddedEngine> nodes;

    private EmbeddedCluster(List<EmbeddedEngine> nodes) {
        this.nodes = nodes;
    }

    /** Launches all nodes before it waits for any: the election of a master needs a majority. */
    static EmbeddedCluster start(List<? extends EmbeddedEngine> nodes) {
        var cluster = new EmbeddedCluster(List.copyOf(nodes));
        try {
            nodes.forEach(EmbeddedEngine::launch);
            nodes.forEach(EmbeddedEngine::awaitReady);
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** Named {@code node-1}, {@code node-2} and so on; each can be stopped, killed and started again separately. */
    public List<EmbeddedEngine> nodes() {
        return nodes;
    }

    /** The URLs of all nodes, with commas between them. */
    public String urls() {
        return nodes.stream().map(EmbeddedEngine::url).map(URI::toString).collect(Collectors.joining(","));
    }

    /** Ends all nodes and removes their data; further calls do nothing. */
    @Override
    public void close() {
        nodes.forEach(EmbeddedEngine::close);
    }
}
