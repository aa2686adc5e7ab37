package io.pgsync.torture.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What was done to a tree, in the order in which it was done; kept in a file, and since the last quiet point in memory. Thread-safe. */
public final class StepLog implements AutoCloseable {
    private final long start = System.nanoTime();
    private final Writer file;
    private final List<String> steps = new ArrayList<>();

    public StepLog(Path file) throws IOException {
        this.file = Files.newBufferedWriter(file);
    }

    public synchronized void step(String who, String what) {
        var line = "%9.3f %-7s %s"
                .formatted(Duration.ofNanos(System.nanoTime() - start).toMillis() / 1e3, who, what);
        steps.add(line);
        try {
            file.write(line + "\n");
            file.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the steps", e);
        }
    }

    /** Begins a history. */
    public synchronized void quiet(int history) {
        steps.clear();
        step("quiet", "history " + history);
    }

    public synchronized List<String> sinceQuiet() {
        return List.copyOf(steps);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
