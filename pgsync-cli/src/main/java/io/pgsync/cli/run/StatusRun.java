package io.pgsync.cli.run;

import io.pgsync.cli.config.Settings;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.cli.status.DatabaseStatus;
import io.pgsync.cli.status.StatusJson;
import io.pgsync.cli.status.StatusLook;
import io.pgsync.cli.status.StatusReader;
import io.pgsync.cli.status.StatusText;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Tells how the documents of a schema file stand, from slot and state index alone; needs no daemon and changes nothing. */
public final class StatusRun {
    private static final String CLEAR_SCREEN = "\033[H\033[2J";

    private final Settings settings;
    private final PrintWriter out;
    private final Form form;

    /**
     * How the status is shown.
     *
     * @param json for programs, one object for each look
     * @param over rates are those of such a time
     * @param screen whether a new look replaces the one before
     */
    public record Form(boolean json, Duration over, boolean screen) {}

    public StatusRun(Settings settings, PrintWriter out, Form form) {
        this.settings = settings;
        this.out = out;
        this.form = form;
    }

    /** Looks twice, for the rates; the code says whether somebody has to do something. Blocks. */
    public ExitCode print() {
        return show(1);
    }

    /** Looks again and again until the process ends. Blocks. */
    public ExitCode watch() {
        return show(Long.MAX_VALUE);
    }

    private ExitCode show(long times) {
        SchemaText schema = SchemaText.load(settings);
        try (var wiring = Wiring.of(RunConfigs.from(settings))) {
            return Objects.requireNonNull(wiring.uncheckedDatabasesThatFit(schema)
                    .flatMapIterable(databases -> databases)
                    .concatMap(database -> wiring.status(database, schema))
                    .collectList()
                    .flatMapMany(readers -> statuses(readers).take(times))
                    .doOnNext(this::show)
                    .map(StatusRun::worst)
                    .blockLast());
        }
    }

    /** One for each look but the first. */
    private Flux<List<DatabaseStatus>> statuses(List<StatusReader> readers) {
        Mono<List<StatusLook>> looks =
                Flux.fromIterable(readers).concatMap(StatusReader::look).collectList();
        return looks.concatWith(looks.delaySubscription(form.over()).repeat())
                .buffer(2, 1)
                .map(pair -> statuses(readers, pair.get(0), pair.get(1)));
    }

    private static List<DatabaseStatus> statuses(
            List<StatusReader> readers, List<StatusLook> earlier, List<StatusLook> later) {
        return IntStream.range(0, readers.size())
                .mapToObj(i -> readers.get(i).status(earlier.get(i), later.get(i)))
                .toList();
    }

    private void show(List<DatabaseStatus> statuses) {
        if (form.json()) {
            out.println(StatusJson.of(statuses));
        } else {
            out.print(form.screen() ? CLEAR_SCREEN : "");
            statuses.stream().flatMap(status -> StatusText.of(status).stream()).forEach(out::println);
        }
        out.flush();
    }

    private static ExitCode worst(List<DatabaseStatus> statuses) {
        return statuses.stream()
                .map(DatabaseStatus::exitCode)
                .max(Comparator.comparing(ExitCode::code))
                .orElse(ExitCode.OK);
    }
}
