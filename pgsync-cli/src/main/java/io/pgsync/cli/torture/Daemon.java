package io.pgsync.cli.torture;

import io.pgsync.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** pgsync as a daemon that is killed and started again, in processes of its own. Not safe for concurrent use. */
final class Daemon implements AutoCloseable {
    private static final int TERMINATED = 143;
    private static final String FOLLOWING = " is followed from ";
    private static final String INCOMPLETE = "Stopped before everything under way was stored: ";

    private final Path directory;
    private final Map<String, String> environment;
    private Optional<PgsyncProcess> process = Optional.empty();

    /** {@code directory} holds its schema.json. */
    Daemon(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    /** {@code undisturbed}: the environment without the faults, for the bootstrap. */
    void bootstrapAndStart(Map<String, String> undisturbed, String replicaIdentity) throws IOException {
        try (var bootstrap = PgsyncProcess.start(
                directory, undisturbed, "bootstrap", "-c", "schema.json", "--replica-identity", replicaIdentity)) {
            if (bootstrap.await() != 0) {
                throw new TortureFailure("bootstrap failed:\n" + bootstrap.output());
            }
        }
        start();
    }

    private void start() throws IOException {
        process = Optional.of(PgsyncProcess.start(directory, environment, "-c", "schema.json", "-d", "-v"));
    }

    /** As a crash or the kernel would. */
    void killAndStart() throws IOException {
        close();
        start();
    }

    /** As a service manager would, in the middle of other faults: what these keep it from storing, it has to say. */
    void stopAndStart() throws IOException {
        int code = running().stop();
        if (code != 0 && !isTooEarly(code) && !(code == ExitCode.FAILURE.code() && output().contains(INCOMPLETE))) {
            throw new TortureFailure("pgsync ended with " + code + " when it was asked to");
        }
        start();
    }

    /** As a service manager would when all is well. */
    void stop() {
        int code = running().stop();
        if (code != 0 && !isTooEarly(code)) {
            throw new TortureFailure("pgsync ended with " + code + " when it was asked to");
        }
    }

    /** Asked before it could hear, Java itself ends it (from 25 on with a line). Faults may end its start. */
    private boolean isTooEarly(int code) {
        return (code == TERMINATED || code == ExitCode.FAILURE.code()) && !output().contains(FOLLOWING);
    }

    /** Starts it again where a supervisor would: a fault may end it while it starts, and never later. */
    void keepRunning() throws IOException {
        if (running().isRunning()) {
            return;
        }
        int code = running().await();
        if (code != ExitCode.FAILURE.code() || output().contains(FOLLOWING)) {
            throw new TortureFailure("pgsync ended by itself with " + code);
        }
        start();
    }

    /** What the process that runs now has said. */
    String output() {
        return process.map(PgsyncProcess::output).orElse("");
    }

    private PgsyncProcess running() {
        return process.orElseThrow(() -> new IllegalStateException("The daemon was never started"));
    }

    @Override
    public void close() {
        process.ifPresent(PgsyncProcess::close);
    }
}
