package io.pgsync.torture.process;

import io.pgsync.torture.report.TortureFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** pgsync as a daemon that is killed and started again, in processes of its own. Not safe for concurrent use. */
public final class Daemon implements AutoCloseable {
    /** The exit codes of pgsync, as its guide lists them. */
    private static final int FAILURE = 1;

    private static final int GAP = 4;
    private static final int TAKEN_OVER = 5;
    private static final int TERMINATED = 143;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Less than the server itself needs, and a start on a busy machine. */
    private static final Duration LONGEST_TAKE_OVER = Duration.ofSeconds(50);

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final String FOLLOWING = " is followed from ";
    private static final String INCOMPLETE = "Stopped before everything under way was stored: ";

    private final Installation installation;
    private boolean mayMissChanges;
    private Optional<PgsyncProcess> process = Optional.empty();

    /**
     * What a daemon is started with.
     *
     * @param undisturbed the environment without the faults as it is now, for commands that are not under test
     * @param index as the schema file names it
     * @param deadLetters the file of the documents that were refused
     */
    public record Installation(
            Path directory,
            String schemaFile,
            String index,
            String deadLetters,
            Map<String, String> environment,
            Supplier<Map<String, String>> undisturbed,
            List<String> javaOptions) {}

    public Daemon(Installation installation) {
        this.installation = installation;
    }

    public void bootstrapAndStart(String replicaIdentity) throws IOException {
        command("bootstrap", "--replica-identity", replicaIdentity).mustSucceed();
        start();
    }

    /** What a command said, and how it ended. */
    public record Outcome(String command, int code, String output) {
        void mustSucceed() {
            if (code != 0) {
                throw new TortureFailure("%s ended with %d:\n%s".formatted(command, code, output));
            }
        }
    }

    /** Runs a command of pgsync on the schema file beside the daemon, where no fault strikes. */
    public Outcome command(String name, String... options) throws IOException {
        return command(Map.of(), name, options);
    }

    /** The same with other variables. */
    public Outcome command(Map<String, String> variables, String name, String... options) throws IOException {
        var environment = new HashMap<>(installation.undisturbed().get());
        environment.putAll(variables);
        var arguments = arguments(name, List.of(options));
        try (var command = PgsyncProcess.start(installation.directory(), environment, List.of(), arguments)) {
            return new Outcome("pgsync " + String.join(" ", arguments), command.await(), command.output());
        }
    }

    private List<String> arguments(String name, List<String> options) {
        var arguments = new ArrayList<>(List.of(name.split(" ")));
        arguments.addAll(List.of("-c", installation.schemaFile()));
        arguments.addAll(options);
        return arguments;
    }

    /** Begins a command in a process that the caller closes. No fault of the proxies strikes it. */
    public PgsyncProcess begin(String name, List<String> options) throws IOException {
        return PgsyncProcess.start(
                installation.directory(), installation.undisturbed().get(), List.of(), arguments(name, options));
    }

    /** That of the tree, as the schema file names it. */
    public String index() {
        return installation.index();
    }

    /** Loads the index again. */
    private void backfill() throws IOException {
        command("backfill", "--document", installation.index()).mustSucceed();
    }

    private void start() throws IOException {
        process = Optional.of(PgsyncProcess.start(
                installation.directory(),
                withDeadLetters(installation.environment()),
                installation.javaOptions(),
                List.of("-c", installation.schemaFile(), "-d", "-v")));
    }

    private Map<String, String> withDeadLetters(Map<String, String> variables) {
        var all = new HashMap<>(variables);
        all.put("PGSYNC_DEAD_LETTERS", installation.deadLetters());
        return all;
    }

    /** As a crash or the kernel would. */
    public void killAndStart() throws IOException {
        close();
        start();
    }

    /**
     * As when its host stands still: another process takes over, and it ends by itself when it goes on. False, and nothing happens, if it
     * does not follow yet.
     */
    public boolean freezeAndReplace() throws IOException {
        var frozen = running();
        if (!frozen.isRunning() || !output().contains(FOLLOWING)) {
            return false;
        }
        frozen.freeze(true);
        start();
        var deadline = System.nanoTime() + LONGEST_TAKE_OVER.toNanos();
        while (!output().contains(FOLLOWING)) {
            keepRunning();
            if (System.nanoTime() > deadline) {
                frozen.close();
                throw new TortureFailure("Nobody took over from a process that was frozen");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        frozen.freeze(false);
        int code = frozen.await();
        if (code != TAKEN_OVER) {
            throw new TortureFailure(
                    "A pgsync that was frozen and replaced ended with %d:\n%s".formatted(code, frozen.output()));
        }
        return true;
    }

    /** As a service manager would, in the middle of other faults: what these keep it from storing, it has to say. */
    public void stopAndStart() throws IOException {
        int code = running().stop();
        if (code != 0 && !isTooEarly(code) && !(code == FAILURE && output().contains(INCOMPLETE))) {
            throw new TortureFailure("pgsync ended with " + code + " when it was asked to");
        }
        start();
    }

    /** As a service manager would when all is well. */
    public void stop() {
        int code = running().stop();
        if (code != 0 && !isTooEarly(code)) {
            throw new TortureFailure("pgsync ended with " + code + " when it was asked to");
        }
    }

    /** Asked before it could hear, Java itself ends it (from 25 on with a line). Faults may end its start. */
    private boolean isTooEarly(int code) {
        return (code == TERMINATED || code == FAILURE) && !output().contains(FOLLOWING);
    }

    /** Starts it again where a supervisor would: a fault may end it while it starts, and never later. */
    public void keepRunning() throws IOException {
        if (running().isRunning()) {
            return;
        }
        int code = running().await();
        if (code == GAP && mayMissChanges) {
            mayMissChanges = false;
            backfill();
        } else if (code != FAILURE || output().contains(FOLLOWING)) {
            throw new TortureFailure("pgsync ended by itself with " + code);
        }
        start();
    }

    /** From now on it is right if it ends because of a gap, once: it is repaired then, as its message says. */
    public void mayMissChanges() {
        mayMissChanges = true;
    }

    /** How often a document was refused so far. */
    public long refusals() throws IOException {
        var deadLetters = installation.directory().resolve(installation.deadLetters());
        if (!Files.exists(deadLetters)) {
            return 0;
        }
        try (var lines = Files.lines(deadLetters)) {
            return lines.count();
        }
    }

    /** Waits until one was refused after so many, or in vain for a while. */
    public boolean awaitRefusalAfter(long refusals) throws IOException {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (refusals() <= refusals) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return true;
    }

    /** What the process that runs now has said. */
    public String output() {
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
