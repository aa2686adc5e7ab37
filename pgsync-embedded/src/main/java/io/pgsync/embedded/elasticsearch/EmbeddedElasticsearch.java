package io.pgsync.embedded.elasticsearch;

import io.pgsync.embedded.Distributions;
import io.pgsync.embedded.DownloadListener;
import io.pgsync.embedded.LoopbackPort;
import io.pgsync.embedded.ServerArchive;
import io.pgsync.embedded.ServerCertificate;
import io.pgsync.embedded.ServerInstance;
import io.pgsync.embedded.StopSignal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A real Elasticsearch node as a child process, on a free port of 127.0.0.1 and in a temporary directory that is
 * removed with it. It runs on the JDK that runs this class. Works for ordinary users and for root, under Linux and
 * macOS. All methods block; not for concurrent use, except {@link #close}.
 *
 * <p>The distribution is the one that Elastic publishes on Maven Central for integration tests: the server with only a
 * few of its modules, so no scripts, no reindex, no language analyzers, and 405 for {@code GET /}.
 */
public final class EmbeddedElasticsearch implements ElasticsearchServer {

    static final String HOST = "127.0.0.1";

    static final String NEWEST_FOR_JAVA_17 = "8.19.21";

    /** The system property with the version of all servers for which the builder names none. */
    static final String VERSION_PROPERTY = "pgsync.test.elasticsearch";

    private static final Duration START_TIME = Duration.ofMinutes(4);
    private static final Duration STOP_TIME = Duration.ofMinutes(1);

    private final Path distribution;
    private final ServerInstance instance;
    private final URI url;
    private final Optional<Login> login;
    private final Optional<ServerCertificate> certificate;
    private final HealthProbe probe;

    private EmbeddedElasticsearch(
            Path distribution,
            ServerInstance instance,
            URI url,
            Optional<Login> login,
            Optional<ServerCertificate> certificate) {
        this.distribution = distribution;
        this.instance = instance;
        this.url = url;
        this.login = login;
        this.certificate = certificate;
        this.probe = new HealthProbe(url, login, certificate);
    }

    /** A server of the default {@link Builder#version}, on a free port. */
    public static Builder builder() {
        return new Builder();
    }

    /** The same through all stops and starts. */
    @Override
    public URI url() {
        return url;
    }

    @Override
    public Optional<Login> login() {
        return login;
    }

    /** A user with a valid login and no rights; present on a secured server. */
    public Optional<Login> guest() {
        return login.map(Security::guest);
    }

    /** The certificate to trust, in PEM; present on a secured server. */
    public Optional<Path> certificate() {
        return certificate.map(ServerCertificate::certificate);
    }

    /**
     * The private key of {@link #certificate()}, in PKCS #8 PEM: with both, a client may also present that certificate.
     */
    public Optional<Path> key() {
        return certificate.map(ServerCertificate::key);
    }

    /** Starts the server again on its data; throws if it runs. */
    public void start() {
        launch();
        awaitReady();
    }

    /**
     * {@link #awaitReady} must follow. In between, other nodes may be launched: without them this one may never become
     * ready.
     */
    void launch() {
        instance.launch(
                List.of(distribution.resolve("bin").resolve("elasticsearch").toString()), environment());
    }

    void awaitReady() {
        instance.awaitReady(probe::isReady, START_TIME);
    }

    static String defaultVersion() {
        return System.getProperty(VERSION_PROPERTY, NEWEST_FOR_JAVA_17);
    }

    /**
     * Stops the server and keeps its data and port; does nothing if the server does not run. Kills it after a minute.
     */
    public void stop() {
        instance.stop(StopSignal.TERM, STOP_TIME);
    }

    /** Kills the server at once, as a crash would. */
    public void kill() {
        instance.stop(StopSignal.KILL, Duration.ZERO);
    }

    /** Whether its process is alive. */
    public boolean isRunning() {
        return instance.isRunning();
    }

    /** Ends the server and removes its data; further calls do nothing. */
    @Override
    public void close() {
        instance.close();
    }

    private Map<String, String> environment() {
        var directory = instance.directory();
        var temporary = directory.resolve("tmp").toString();
        return Map.of(
                "ES_JAVA_HOME",
                System.getProperty("java.home"),
                "ES_JAVA_OPTS",
                "",
                "ES_PATH_CONF",
                directory.resolve("config").toString(),
                "ES_TMPDIR",
                temporary,
                // For the launcher, a separate JVM that would leave files in /tmp.
                "CLI_JAVA_OPTS",
                "-XX:-UsePerfData -Djava.io.tmpdir=" + temporary,
                "HOME",
                directory.toString());
    }

    /** Collects the choices; not safe for concurrent use. */
    public static final class Builder {

        private final Map<String, String> settings = new LinkedHashMap<>();
        private String version = defaultVersion();
        private String heap = "256m";
        private boolean fullSpeed;
        private boolean secured;
        private boolean clientCertificate;
        private DownloadListener downloadListener = DownloadListener.SILENT;

        private Builder() {}

        /**
         * A version that is on Maven Central and that this JDK can run: 9.x needs 21 or newer. The default is the
         * version in the system property {@code pgsync.test.elasticsearch}, or without it the newest one that Java 17
         * can run.
         */
        public Builder version(String version) {
            this.version = version;
            return this;
        }

        /** The fixed size of the heap, as in the JVM's options; by default 256m, enough for tests. */
        public Builder heap(String size) {
            this.heap = size;
            return this;
        }

        /** For measurements: all compilers and G1, at the price of a slower start. */
        public Builder fullSpeed() {
            this.fullSpeed = true;
            return this;
        }

        /** A line of elasticsearch.yml; it overrides the defaults of this class. The port cannot be chosen. */
        public Builder setting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /** With TLS and a user: see {@link #login()} and {@link #certificate()}. */
        public Builder secured() {
            this.secured = true;
            return this;
        }

        /** As {@link #secured()}, but only for clients that present {@link #certificate()}. */
        public Builder requireClientCertificate() {
            this.clientCertificate = true;
            return secured();
        }

        /** {@code listener} is told about the download of the archive, on the thread that calls {@link #start}. */
        public Builder onDownload(DownloadListener listener) {
            this.downloadListener = listener;
            return this;
        }

        /** Fetches the distribution if necessary, starts the server and waits until it answers. */
        public EmbeddedElasticsearch start() {
            var server = configure(distribution(), Optional.empty());
            try {
                server.start();
                return server;
            } catch (RuntimeException e) {
                server.close();
                throw e;
            }
        }

        /**
         * Starts that many nodes of one cluster and waits until each of them answers. Every node holds data and may
         * become master. Not for secured servers: their nodes would need certificates for each other as well.
         */
        public EmbeddedCluster startCluster(int nodes) {
            if (secured) {
                throw new IllegalStateException("A cluster cannot be secured");
            }
            var distribution = distribution();
            return EmbeddedCluster.start(ClusterMember.several(nodes).stream()
                    .map(member -> configure(distribution, Optional.of(member)))
                    .toList());
        }

        private Path distribution() {
            var archive =
                    new ServerArchive("org.elasticsearch.distribution.integ-test-zip", "elasticsearch", version, "zip");
            return Distributions.unpacked(archive, downloadListener).resolve("elasticsearch-" + version);
        }

        private EmbeddedElasticsearch configure(Path distribution, Optional<ClusterMember> member) {
            var instance = ServerInstance.create("elasticsearch", StopSignal.TERM);
            try {
                return configure(distribution, instance, member);
            } catch (RuntimeException e) {
                instance.close();
                throw e;
            }
        }

        private EmbeddedElasticsearch configure(
                Path distribution, ServerInstance instance, Optional<ClusterMember> member) {
            instance.requireReachable(Path.of(System.getProperty("java.home")));
            int port = LoopbackPort.free();
            var configuration = new NodeConfiguration(instance, port);
            member.ifPresent(configuration::join);
            var login = secured ? Optional.of(Security.randomLogin()) : Optional.<Login>empty();
            var certificate = login.map(user -> Security.secure(instance, configuration, user));
            if (clientCertificate) {
                certificate.ifPresent(own -> Security.requireClientCertificate(configuration, own));
            }
            configuration.set(settings);
            configuration.write(distribution, new NodeConfiguration.JvmChoice(heap, fullSpeed));
            var url = URI.create((secured ? "https" : "http") + "://" + HOST + ":" + port);
            return new EmbeddedElasticsearch(distribution, instance, url, login, certificate);
        }
    }
}
