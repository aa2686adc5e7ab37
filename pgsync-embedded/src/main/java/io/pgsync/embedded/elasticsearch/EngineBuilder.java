package io.pgsync.embedded.elasticsearch;

import io.pgsync.embedded.Distributions;
import io.pgsync.embedded.DownloadListener;
import io.pgsync.embedded.LoopbackPort;
import io.pgsync.embedded.ServerArchive;
import io.pgsync.embedded.ServerInstance;
import io.pgsync.embedded.StopSignal;
import io.pgsync.embedded.elasticsearch.EmbeddedEngine.Program;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Collects the choices for an embedded server; not safe for concurrent use. The base for both families, which share most
 * choices.
 *
 * @param <B> the builder itself
 * @param <E> the server that it starts
 */
public abstract sealed class EngineBuilder<B extends EngineBuilder<B, E>, E extends EmbeddedEngine>
        permits EmbeddedElasticsearch.Builder, EmbeddedOpenSearch.Builder {

    private final EngineFamily family;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private String version;
    private String heap = "256m";
    private boolean fullSpeed;
    private DownloadListener downloadListener = DownloadListener.SILENT;

    EngineBuilder(EngineFamily family) {
        this.family = family;
        this.version = family.defaultVersion();
    }

    /** This builder, as its own type. */
    abstract B self();

    /** What is unpacked; the default is the server alone. */
    Path unpacked(ServerArchive server, DownloadListener listener) {
        return Distributions.unpacked(server, listener);
    }

    /** The server, not started; adds the lines of this family to its configuration. */
    abstract E configure(Program program, ServerInstance instance, NodeConfiguration configuration);

    /**
     * A version that is on Maven Central; a Java that can run it must be installed. The default is the version in the
     * system property {@code pgsync.test.elasticsearch} or {@code pgsync.test.opensearch}, or without it one that
     * this Java can run.
     */
    public B version(String version) {
        this.version = version;
        return self();
    }

    /** The fixed size of the heap, as in the JVM's options; by default 256m, enough for tests. */
    public B heap(String size) {
        this.heap = size;
        return self();
    }

    /** For measurements: all compilers and G1, at the price of a slower start. */
    public B fullSpeed() {
        this.fullSpeed = true;
        return self();
    }

    /** A line of the configuration file; it overrides the defaults of this class. The port cannot be chosen. */
    public B setting(String name, String value) {
        settings.put(name, value);
        return self();
    }

    /** {@code listener} is told about the download of the archive, on the thread that calls {@link #start}. */
    public B onDownload(DownloadListener listener) {
        this.downloadListener = listener;
        return self();
    }

    /** Fetches the distribution if necessary, starts the server and waits until it answers. */
    public E start() {
        E server = configure(program(), Optional.empty());
        try {
            server.start();
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /**
     * Starts that many nodes of one cluster and waits until each of them answers. Every node holds data and may become
     * master.
     */
    public EmbeddedCluster startCluster(int nodes) {
        var program = program();
        return EmbeddedCluster.start(ClusterMember.several(nodes).stream()
                .map(member -> configure(program, Optional.of(member)))
                .toList());
    }

    private Program program() {
        Path java = JavaHome.of(family, version);
        Path unpacked = unpacked(family.archive(version), downloadListener);
        return new Program(family, unpacked.resolve(family.program() + "-" + version), java);
    }

    private E configure(Program program, Optional<ClusterMember> member) {
        var instance = ServerInstance.create(family.program(), StopSignal.TERM);
        try {
            instance.requireReachable(program.java());
            var configuration = new NodeConfiguration(instance, LoopbackPort.free());
            configuration.set(family.settings());
            member.ifPresent(configuration::join);
            E server = configure(program, instance, configuration);
            configuration.set(settings);
            configuration.write(program, new NodeConfiguration.JvmChoice(heap, fullSpeed));
            return server;
        } catch (RuntimeException e) {
            instance.close();
            throw e;
        }
    }
}
