package io.pgsync.cli.run;

import io.pgsync.cli.config.Settings;
import io.pgsync.cli.console.Terminal;
import io.pgsync.runtime.report.FollowedDatabase;
import io.pgsync.runtime.report.RunListener;
import java.util.List;
import java.util.Optional;

/** Shows a run while it lasts: on the terminal, and at the HTTP endpoints if they are wanted. */
final class RunDisplay implements RunListener {
    private final Terminal terminal;
    private final Settings settings;
    private final boolean hasEndpoints;
    private Optional<ProgressDisplay> ticker = Optional.empty();
    private Optional<Endpoints> endpoints = Optional.empty();

    RunDisplay(Terminal terminal, Settings settings, boolean hasEndpoints) {
        this.terminal = terminal;
        this.settings = settings;
        this.hasEndpoints = hasEndpoints;
    }

    @Override
    public void began(List<FollowedDatabase> databases) {
        endpoints = hasEndpoints ? Optional.of(Endpoints.open(settings, databases)) : Optional.empty();
        ticker = Optional.of(ProgressDisplay.start(terminal, databases, settings));
    }

    @Override
    public void ended() {
        ticker.ifPresent(ProgressDisplay::close);
        endpoints.ifPresent(Endpoints::close);
    }
}
