package io.pgsync.cli.run;

import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.console.LoadLine;
import io.pgsync.cli.console.Terminal;
import io.pgsync.runtime.report.FollowedDatabase;
import io.pgsync.runtime.report.LoadProgress;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Shows the figures of a run regularly: on a terminal as one line that is rewritten in place, elsewhere as a log line
 * from time to time.
 */
final class ProgressDisplay implements AutoCloseable {
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);
    private static final Duration SHORTEST_LOG_INTERVAL = Duration.ofSeconds(10);

    private final Terminal terminal;
    private final Collection<FollowedDatabase> databases;
    private final StatusLine line;
    // A separate thread: a blocked terminal (Ctrl-S) must block nothing else.
    private final Scheduler scheduler = Schedulers.newSingle("pgsync-console", true);
    private final Disposable.Swap ticking = Disposables.swap();

    private ProgressDisplay(Terminal terminal, Collection<FollowedDatabase> databases, StatusLine line) {
        this.terminal = terminal;
        this.databases = databases;
        this.line = line;
    }

    /** Shows the figures from now on until it is closed. */
    static ProgressDisplay start(Terminal terminal, Collection<FollowedDatabase> databases, Settings settings) {
        var ticker =
                new ProgressDisplay(terminal, databases, new StatusLine(settings.flag(Setting.FORMAT_WITH_COMMAS)));
        Duration least = terminal.isInteractive() ? SHORTEST_INTERVAL : SHORTEST_LOG_INTERVAL;
        Duration wanted = settings.duration(Setting.LOG_INTERVAL);
        ticker.ticking.update(Flux.interval(wanted.compareTo(least) < 0 ? least : wanted, ticker.scheduler)
                .onBackpressureDrop()
                .subscribe(tick -> ticker.show()));
        return ticker;
    }

    @Override
    public void close() {
        ticking.dispose();
        scheduler.dispose();
        terminal.live("");
    }

    private void show() {
        Optional<LoadProgress> load =
                databases.stream().flatMap(database -> database.load().stream()).findFirst();
        if (terminal.isInteractive()) {
            terminal.live(load.map(LoadLine::of).orElseGet(this::statusLines));
        } else {
            load.ifPresentOrElse(line::log, () -> databases.forEach(database -> line.log(database.figures())));
        }
    }

    private String statusLines() {
        return databases.stream().map(database -> line.of(database.figures())).collect(Collectors.joining("  "));
    }
}
