package io.pgsync.cli.run;

import io.pgsync.cli.ExitCode;
import io.pgsync.cli.config.ElasticsearchConfig;
import io.pgsync.cli.config.PostgresConfig;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.console.Terminal;
import reactor.core.publisher.Mono;

/** The commands on a schema file, after their options are settled. */
public final class SyncRun {
    private final Settings settings;
    private final Terminal terminal;

    public SyncRun(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    public ExitCode run(boolean bootstrapFirst, boolean daemon) {
        SchemaText.load(settings);
        terminal.line(PostgresConfig.from(settings, "postgres") + " "
                + ElasticsearchConfig.from(settings).urls());
        return ExitCode.FAILURE;
    }

    public ExitCode follow(Mono<Void> stop) {
        terminal.line(stop.toString());
        return ExitCode.FAILURE;
    }

    public ExitCode bootstrap() {
        return run(true, false);
    }

    public ExitCode tearDown() {
        return run(false, false);
    }
}
