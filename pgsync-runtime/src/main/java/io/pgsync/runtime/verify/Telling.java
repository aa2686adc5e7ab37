package io.pgsync.runtime.verify;

import io.pgsync.runtime.report.VerifyProgress;
import io.pgsync.runtime.report.VerifyProgress.Stage;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import reactor.core.scheduler.Scheduler;

/** Tells a listener how far the comparison of one index has come. */
final class Telling {
    private final String index;
    private final Consumer<VerifyProgress> listener;
    private final Scheduler timer;
    private final long began;
    private Stage stage = Stage.DOCUMENTS;
    private long stageBegan;

    /** The comparison begins now. */
    Telling(String index, Consumer<VerifyProgress> listener, Scheduler timer) {
        this.index = index;
        this.listener = listener;
        this.timer = timer;
        this.began = timer.now(TimeUnit.MILLISECONDS);
        this.stageBegan = began;
    }

    synchronized void tell(Stage now, long done, long expected, long differing) {
        if (now != stage) {
            stage = now;
            stageBegan = timer.now(TimeUnit.MILLISECONDS);
        }
        listener.accept(new VerifyProgress(index, now, done, expected, differing, since(stageBegan)));
    }

    Duration elapsed() {
        return since(began);
    }

    private Duration since(long then) {
        return Duration.ofMillis(timer.now(TimeUnit.MILLISECONDS) - then);
    }
}
