package io.pgsync.cli.run;

import io.pgsync.cli.config.Settings;
import io.pgsync.cli.console.JsonText;
import io.pgsync.cli.console.Terminal;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.cli.verify.VerifyJson;
import io.pgsync.cli.verify.VerifyLine;
import io.pgsync.cli.verify.VerifyText;
import io.pgsync.runtime.config.VerifyOrder;
import io.pgsync.runtime.report.VerifiedIndex;
import io.pgsync.runtime.report.VerifyProgress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Compares indexes with their sources and prints what differs. */
public final class VerifyRun {
    private static final Logger log = LoggerFactory.getLogger(VerifyRun.class);
    private static final Duration ON_TERMINAL = Duration.ofMillis(200);
    private static final Duration IN_LOG = Duration.ofSeconds(10);

    private final Settings settings;
    private final Terminal terminal;
    private final PrintWriter out;
    private final boolean json;

    /** {@code terminal} shows progress, {@code out} gets the result: as JSON or as text. */
    public VerifyRun(Settings settings, Terminal terminal, PrintWriter out, boolean json) {
        this.settings = settings;
        this.terminal = terminal;
        this.out = out;
        this.json = json;
    }

    /** Blocks until it is done; after {@code stop}, with what was found so far. The code says whether something differs. */
    public ExitCode verify(VerifyOrder order, Mono<Void> stop) {
        return worst(verified(order, stop));
    }

    private List<VerifiedIndex> verified(VerifyOrder order, Mono<Void> stop) {
        // A separate thread: a blocked terminal (Ctrl-S) must block nothing else.
        Scheduler console = Schedulers.newSingle("pgsync-console", true);
        Sinks.Many<VerifyProgress> progress = Sinks.many().multicast().directBestEffort();
        var showing = progress.asFlux()
                .onBackpressureLatest()
                .sample(terminal.isInteractive() ? ON_TERMINAL : IN_LOG)
                .publishOn(console, 1)
                .subscribe(this::show);
        try {
            return RunConfigs.pgsync(settings)
                    .verify(order, stop, progress::tryEmitNext)
                    .blockOptional()
                    .orElseThrow();
        } finally {
            showing.dispose();
            console.dispose();
            terminal.live("");
        }
    }

    private void show(VerifyProgress progress) {
        if (terminal.isInteractive()) {
            terminal.live(VerifyLine.of(progress));
        } else {
            log.info("{}", VerifyLine.of(progress));
        }
    }

    private ExitCode worst(List<VerifiedIndex> found) {
        if (json) {
            out.println(JsonText.line(VerifyJson.of(found)));
        } else {
            found.stream().flatMap(index -> VerifyText.of(index).stream()).forEach(out::println);
        }
        out.flush();
        return found.stream()
                .map(ExitCode::of)
                .max(Comparator.comparing(ExitCode::code))
                .orElse(ExitCode.OK);
    }
}
