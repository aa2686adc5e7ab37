package io.pgsync.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A running child process and the last lines of its output. Safe from any thread. */
final class ServerProcess {

    private static final int REMEMBERED_LINES = 40;
    private static final Duration AFTER_KILL = Duration.ofSeconds(10);

    private final Process process;
    private final Deque<String> lastLines;

    private ServerProcess(Process process, Deque<String> lastLines) {
        this.process = process;
        this.lastLines = lastLines;
    }

    /**
     * The parent-death signal is sent when the thread that forked ends, not the process. So the thread that reads the
     * output also starts the child: it lives as long as the child.
     */
    static ServerProcess start(String name, ProcessBuilder command) {
        var lines = new ArrayDeque<String>();
        var started = new CompletableFuture<Process>();
        var thread = new Thread(() -> startAndRead(command.redirectErrorStream(true), started, lines), name);
        thread.setDaemon(true);
        thread.start();
        try {
            return new ServerProcess(started.join(), lines);
        } catch (CompletionException e) {
            throw new EmbeddedServerException("Cannot start %s: %s".formatted(name, e.getCause()), e);
        }
    }

    private static void startAndRead(ProcessBuilder command, CompletableFuture<Process> started, Deque<String> lines) {
        try {
            var process = command.start();
            process.getOutputStream().close();
            started.complete(process);
            try (var output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                output.lines().forEach(line -> remember(lines, line));
            }
            process.onExit().join();
        } catch (IOException | RuntimeException e) {
            started.completeExceptionally(e);
        }
    }

    private static void remember(Deque<String> lines, String line) {
        synchronized (lines) {
            lines.addLast(line);
            if (lines.size() > REMEMBERED_LINES) {
                lines.removeFirst();
            }
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until the process has ended; false if it still runs after the time. */
    boolean awaitExit(Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("Interrupted while waiting for an embedded server", e);
        }
    }

    int exitCode() {
        return process.exitValue();
    }

    String lastOutput() {
        synchronized (lastLines) {
            return String.join("\n", lastLines);
        }
    }

    /**
     * Signals the process, and waits for its end and that of all its descendants. Kills them after the grace period.
     */
    void stop(StopSignal signal, Duration grace) {
        if (signal != StopSignal.KILL) {
            List<ProcessHandle> family = family();
            send(signal);
            if (ended(family, grace)) {
                return;
            }
        }
        // All are stopped before the second look: a child that is forked between a look and the end of its parent would
        // survive, and hold what the next start needs.
        signal("STOP", family());
        List<ProcessHandle> family = family();
        family.forEach(ProcessHandle::destroyForcibly);
        ended(family, AFTER_KILL);
    }

    /** Has the process and its descendants stand still, or go on. */
    void freeze(boolean freeze) {
        if (!signal(freeze ? "STOP" : "CONT", family())) {
            throw new EmbeddedServerException("No signal reached process " + pid());
        }
    }

    private List<ProcessHandle> family() {
        return Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
    }

    private void send(StopSignal signal) {
        if (signal == StopSignal.TERM) {
            process.destroy();
            return;
        }
        if (!signal(signal.toString(), List.of(process.toHandle()))) {
            process.destroy();
        }
    }

    private static boolean signal(String name, List<ProcessHandle> processes) {
        String pids = processes.stream().map(each -> Long.toString(each.pid())).collect(Collectors.joining(" "));
        try {
            // Java has no call for most signals; kill is a built-in of every POSIX shell. Not with onExit(): it needs a
            // thread of the common pool, and the caller's own work may use all of them.
            new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pids)
                    .redirectError(Redirect.DISCARD)
                    .start()
                    .waitFor();
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean ended(List<ProcessHandle> family, Duration time) {
        var exits = family.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(exits).get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new EmbeddedServerException("Cannot wait for the end of an embedded server", e);
        }
    }
}
