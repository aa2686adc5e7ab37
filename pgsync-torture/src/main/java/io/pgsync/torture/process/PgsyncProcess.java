package io.pgsync.torture.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A run of pgsync as users have it: a process with its own environment and working directory. */
public final class PgsyncProcess implements AutoCloseable {
    /** On the class path, beside this: the truth and the faults share no code with it. */
    private static final String MAIN = "io.pgsync.cli.Main";

    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final Path output;

    private PgsyncProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    public static PgsyncProcess start(Path directory, Map<String, String> environment, String... arguments)
            throws IOException {
        return start(directory, environment, List.of(), List.of(arguments));
    }

    static PgsyncProcess start(
            Path directory, Map<String, String> environment, List<String> javaOptions, List<String> arguments)
            throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", classPath(), MAIN));
        command.addAll(arguments);
        var output = Files.createTempFile(directory, "pgsync", ".log");
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new PgsyncProcess(builder.start(), output);
    }

    /** Ours, as it is seen from any directory. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The exit code of a run that ends by itself. */
    public int await() {
        try {
            if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        throw new IllegalStateException("pgsync did not end:\n" + output());
    }

    /** The same, without a code if it takes too long; it then goes on. */
    public OptionalInt awaitWithin(Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)
                    ? OptionalInt.of(process.exitValue())
                    : OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }

    /** Ends it as a service manager would, and gives the exit code. */
    public int stop() {
        process.destroy();
        return await();
    }

    /** Stops it where it stands, with all its threads; or lets it go on. */
    public void freeze(boolean freeze) throws IOException {
        var kill = new ProcessBuilder("kill", freeze ? "-STOP" : "-CONT", Long.toString(process.pid())).start();
        if (kill.onExit().join().exitValue() != 0) {
            throw new IOException("No signal reached process " + process.pid());
        }
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** All that it has said so far. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it at once. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
