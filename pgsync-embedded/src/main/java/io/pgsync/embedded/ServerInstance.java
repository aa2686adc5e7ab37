package io.pgsync.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One server: a temporary directory, and at most one process that works in it. {@link #close} ends the process and
 * removes the directory; the exit of the JVM does the same. If the JVM is killed, the kernel stops the process (where
 * {@code setpriv} exists) and the next instance of the same kind removes the directory. All methods block; safe from
 * any thread.
 */
public final class ServerInstance implements AutoCloseable {

    private static final Duration TOOL_TIME = Duration.ofMinutes(2);
    private static final Duration READY_POLL = Duration.ofMillis(25);

    private final String kind;
    private final StopSignal closing;
    private final Confinement confinement;
    private final InstanceDirectory directory;
    private final Thread exitHook;
    private @Nullable ServerProcess process;
    private boolean closed;

    private ServerInstance(String kind, StopSignal closing, Confinement confinement, InstanceDirectory directory) {
        this.kind = kind;
        this.closing = closing;
        this.confinement = confinement;
        this.directory = directory;
        this.exitHook = new Thread(this::shutDown, "pgsync-" + kind + "-exit");
    }

    /**
     * Creates the directory of a new instance.
     *
     * @param kind the server's name, a part of the directory's name
     * @param closing the signal that ends the server when it is closed, when the JVM exits, and when the JVM is killed
     */
    public static ServerInstance create(String kind, StopSignal closing) {
        try {
            Confinement confinement = Confinement.detect();
            InstanceDirectory directory = InstanceDirectory.create(kind);
            confinement.handOver(directory.path());
            var instance = new ServerInstance(kind, closing, confinement, directory);
            Runtime.getRuntime().addShutdownHook(instance.exitHook);
            return instance;
        } catch (IOException e) {
            throw new EmbeddedServerException(
                    "Cannot create a directory for %s: %s. Check java.io.tmpdir".formatted(kind, e), e);
        }
    }

    /** The directory of this instance. */
    public Path directory() {
        return directory.path();
    }

    /**
     * Fails unless the server's account can use programs of this directory: root may run a JDK in a home that is closed
     * to others.
     */
    public void requireReachable(Path program) {
        if (!SharedPaths.isReachable(program)) {
            throw new EmbeddedServerException(
                    "%s is closed to the unprivileged user that runs %s for root. Use one outside of"
                                    .formatted(program, kind)
                            + " root's home, for example through JAVA_HOME, or start as an ordinary user");
        }
    }

    /** Creates a subdirectory that is owned by the server's account. */
    public Path createDirectory(String name) {
        try {
            var created = Files.createDirectories(directory().resolve(name));
            confinement.handOver(created);
            return created;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a file that is owned by the server's account; replaces an existing one. */
    public Path write(String name, String content) {
        try {
            var file = directory().resolve(name);
            var unfinished = Files.createTempFile(directory(), ".new-", "");
            Files.writeString(unfinished, content);
            confinement.handOver(unfinished);
            return Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a tool of the distribution as the server's account; if it fails, throws with the tool's output. */
    public void run(List<String> command, Map<String, String> environment) {
        launch(command, environment);
        awaitTool(command);
    }

    /** Starts the server; {@link #awaitReady} must follow. */
    public synchronized void launch(List<String> command, Map<String, String> environment) {
        if (closed) {
            throw new EmbeddedServerException("The embedded " + kind + " is closed");
        }
        if (isRunning()) {
            throw new EmbeddedServerException("The embedded " + kind + " runs already");
        }
        var builder = new ProcessBuilder(confinement.confine(command, closing))
                .directory(directory().toFile());
        builder.environment().putAll(environment);
        process = ServerProcess.start("pgsync-" + kind, builder);
    }

    /** Waits until the server answers; if it ends first or the time is over, throws with its last output. */
    public void awaitReady(BooleanSupplier ready, Duration time) {
        var server = current();
        var deadline = System.nanoTime() + time.toNanos();
        while (!ready.getAsBoolean()) {
            if (server.awaitExit(READY_POLL)) {
                throw failure("ended while starting with exit code " + server.exitCode(), server);
            }
            if (System.nanoTime() > deadline) {
                stop(StopSignal.KILL, Duration.ZERO);
                throw failure("was not ready within " + time.toSeconds() + " s", server);
            }
        }
    }

    /** The process id of the server that was launched last. */
    public long pid() {
        return current().pid();
    }

    /** Has the process of the server stand still, or go on. */
    public void freeze(boolean freeze) {
        current().freeze(freeze);
    }

    /** Whether the process that was launched last is alive. */
    public synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    /**
     * Stops the server and keeps the directory; does nothing if the server does not run. Kills the server after the
     * grace period.
     */
    public synchronized void stop(StopSignal signal, Duration grace) {
        if (process != null) {
            process.stop(signal, grace);
            process = null;
        }
    }

    @Override
    public void close() {
        shutDown();
        try {
            Runtime.getRuntime().removeShutdownHook(exitHook);
        } catch (IllegalStateException e) {
            // The JVM is ending already; the hook will find the instance closed.
        }
    }

    private synchronized void shutDown() {
        if (closed) {
            return;
        }
        closed = true;
        stop(closing, Duration.ofSeconds(15));
        try {
            directory.close();
        } catch (IOException e) {
            throw new EmbeddedServerException("Cannot remove " + directory() + ": " + e, e);
        }
    }

    private void awaitTool(List<String> command) {
        var tool = current();
        if (!tool.awaitExit(TOOL_TIME)) {
            stop(StopSignal.KILL, Duration.ZERO);
            throw failure("hung in " + command.get(0), tool);
        }
        if (tool.exitCode() != 0) {
            throw failure(command.get(0) + " failed with exit code " + tool.exitCode(), tool);
        }
    }

    private synchronized ServerProcess current() {
        if (process == null) {
            throw new EmbeddedServerException("The embedded " + kind + " was stopped");
        }
        return process;
    }

    private EmbeddedServerException failure(String what, ServerProcess failed) {
        return new EmbeddedServerException(
                "The embedded %s %s. Its last output:\n%s".formatted(kind, what, failed.lastOutput()));
    }
}
