package io.pgsync.cli.run;

import io.pgsync.cli.config.Settings;
import io.pgsync.cli.console.JsonText;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.cli.status.StatusJson;
import io.pgsync.cli.status.StatusText;
import io.pgsync.runtime.report.DatabaseStatus;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * Tells the state of a schema file's documents, from slot and state index alone; needs no daemon and changes nothing.
 */
public final class StatusRun {
    private static final String CLEAR_SCREEN = "\033[H\033[2J";

    private final Settings settings;
    private final PrintWriter out;
    private final Form form;

    /**
     * How the status is shown.
     *
     * @param json for programs, one object for each look
     * @param over the time over which rates are measured
     * @param screen whether each look replaces the one before on the screen
     */
    public record Form(boolean json, Duration over, boolean screen) {}

    public StatusRun(Settings settings, PrintWriter out, Form form) {
        this.settings = settings;
        this.out = out;
        this.form = form;
    }

    /** Looks twice, to measure rates; the code says whether somebody has to do something. Blocks. */
    public ExitCode print() {
        return worst(RunConfigs.pgsync(settings)
                .status(form.over())
                .doOnNext(this::show)
                .blockOptional()
                .orElseThrow());
    }

    /** Looks again and again until the process ends. Blocks. */
    public ExitCode watch() {
        return RunConfigs.pgsync(settings)
                .statuses(form.over())
                .doOnNext(this::show)
                .map(StatusRun::worst)
                .last()
                .blockOptional()
                .orElseThrow();
    }

    private void show(List<DatabaseStatus> statuses) {
        if (form.json()) {
            out.println(JsonText.line(StatusJson.of(statuses)));
        } else {
            out.print(form.screen() ? CLEAR_SCREEN : "");
            statuses.stream().flatMap(status -> StatusText.of(status).stream()).forEach(out::println);
        }
        out.flush();
    }

    private static ExitCode worst(List<DatabaseStatus> statuses) {
        return statuses.stream()
                .map(ExitCode::of)
                .max(Comparator.comparing(ExitCode::code))
                .orElse(ExitCode.OK);
    }
}
