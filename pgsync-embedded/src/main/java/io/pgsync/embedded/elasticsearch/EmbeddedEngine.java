package io.pgsync.embedded.elasticsearch;

import io.pgsync.embedded.ServerInstance;
import io.pgsync.embedded.StopSignal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A real search engine as a child process, on a free port of 127.0.0.1 and in a temporary directory that is removed with
 * it. It runs on the JDK that runs this class or, if its version needs another one, on a JDK that is installed beside it.
 * Works for ordinary users and for root, under Linux and macOS. All methods block; not for concurrent use, except
 * {@link #close}.
 *
 * <p>The base of both families, which are started and stopped in the same way.
 */
public abstract sealed class EmbeddedEngine implements ElasticsearchServer
        permits EmbeddedElasticsearch, EmbeddedOpenSearch {

    static final String HOST = "127.0.0.1";

    private static final Duration START_TIME = Duration.ofMinutes(4);
    private static final Duration STOP_TIME = Duration.ofMinutes(1);

    private final Program program;
    private final ServerInstance instance;
    private final URI url;
    private final HealthProbe probe;

    EmbeddedEngine(Program program, ServerInstance instance, URI url, HealthProbe probe) {
        this.program = program;
        this.instance = instance;
        this.url = url;
        this.probe = probe;
    }

    /** An unpacked distribution, and the Java that runs it. */
    record Program(EngineFamily family, Path distribution, Path java) {
        String executable() {
            return distribution.resolve("bin").resolve(family.program()).toString();
        }
    }

    /** The same through all stops and starts. */
    @Override
    public URI url() {
        return url;
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
        instance.launch(List.of(program.executable()), environment());
    }

    void awaitReady() {
        instance.awaitReady(probe::isReady, START_TIME);
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
        var environment = new HashMap<String, String>();
        Map.of(
                        "JAVA_HOME",
                        program.java().toString(),
                        "JAVA_OPTS",
                        "",
                        "PATH_CONF",
                        directory.resolve("config").toString(),
                        "TMPDIR",
                        temporary)
                .forEach((name, value) -> environment.put(program.family().variable(name), value));
        // For the launcher, a separate JVM that would leave files in /tmp.
        environment.put("CLI_JAVA_OPTS", "-XX:-UsePerfData -Djava.io.tmpdir=" + temporary);
        environment.put("HOME", directory.toString());
        return environment;
    }
}
