package io.pgsync.cli.run;

import io.pgsync.cli.exit.ExitCode;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Turns SIGTERM and SIGINT into a request to stop. The process then ends with the exit code of the work that it
 * interrupted.
 */
public final class ShutdownSignal {
    private static final Logger log = LoggerFactory.getLogger(ShutdownSignal.class);

    private final Sinks.Empty<Void> requested = Sinks.empty();
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile ExitCode result = ExitCode.FAILURE;
    private volatile boolean asked;
    private final Duration patience;

    private ShutdownSignal(Duration patience) {
        this.patience = patience;
    }

    /**
     * Runs {@code work}, which must end soon after the given signal. If the process is asked to end meanwhile, it waits
     * for {@code work}, at most {@code patience}.
     */
    public static ExitCode during(Duration patience, Function<Mono<Void>, ExitCode> work) {
        var signal = new ShutdownSignal(patience);
        var hook = new Thread(signal::stop, "pgsync-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            ExitCode code = work.apply(signal.requested.asMono());
            signal.result = code;
            return code;
        } catch (RuntimeException failure) {
            signal.failed(failure);
            throw failure;
        } finally {
            signal.finished.countDown();
            removeUnlessRunning(hook);
        }
    }

    /** Logs the failure here: once asked to stop, the process ends before a caller could report it. */
    private void failed(RuntimeException failure) {
        result = ExitCode.of(failure);
        if (asked) {
            log.error("Stopped before everything under way was stored: {}", failure.getMessage(), failure);
        }
    }

    /** Sets the exit code. The JVM would report the signal, but whether everything was stored is what a supervisor wants to know. */
    private void stop() {
        asked = true;
        requested.tryEmitEmpty();
        try {
            if (finished.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                Runtime.getRuntime().halt(result.code());
            }
            log.error(
                    "Stopped before everything under way was stored: it was not after {} s. The next start repeats the rest.",
                    patience.toSeconds());
            Runtime.getRuntime().halt(ExitCode.FAILURE.code());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void removeUnlessRunning(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending already, and this hook is running.
        }
    }
}
