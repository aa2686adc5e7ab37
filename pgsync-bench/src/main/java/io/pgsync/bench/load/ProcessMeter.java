package io.pgsync.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Follows what a child process takes, until it ends. CPU time is that of the last look at it, at most 20 ms before the end; the peak of
 * its memory is known under Linux only, elsewhere 0. Safe from any thread.
 */
final class ProcessMeter {
    private static final long PERIOD_MILLIS = 20;

    private final Process process;
    private final long started = System.nanoTime();
    private volatile long ended;
    private volatile long cpuNanos;
    private volatile long peakBytes;

    private ProcessMeter(Process process) {
        this.process = process;
    }

    static ProcessMeter of(Process process) {
        var meter = new ProcessMeter(process);
        var thread = new Thread(meter::follow, "process-meter");
        thread.setDaemon(true);
        thread.start();
        return meter;
    }

    Process process() {
        return process;
    }

    /** Up to now, or to the end of the process. */
    Product.Usage usage() {
        look();
        long end = ended == 0 ? System.nanoTime() : ended;
        return new Product.Usage(end - started, cpuNanos, peakBytes);
    }

    private void follow() {
        try {
            while (!process.waitFor(PERIOD_MILLIS, TimeUnit.MILLISECONDS)) {
                look();
            }
            ended = System.nanoTime();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        process.info().totalCpuDuration().map(Duration::toNanos).ifPresent(nanos -> cpuNanos = nanos);
        try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            lines.filter(line -> line.startsWith("VmHWM:"))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .forEach(kilobytes -> peakBytes = kilobytes * 1024);
        } catch (IOException e) {
            // It has ended, or this is no Linux: the last look counts.
        }
    }
}
