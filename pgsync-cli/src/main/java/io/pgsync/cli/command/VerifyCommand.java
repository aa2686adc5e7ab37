package io.pgsync.cli.command;

import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.run.ShutdownSignal;
import io.pgsync.cli.run.VerifyRun;
import io.pgsync.runtime.config.VerifyOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pgsync verify}: whether an index is what its tables say. */
@Command(
        name = "verify",
        description = {
            "Compares the documents of an index with those that PostgreSQL makes now, while changes go on.",
            "Exit code 0: nothing differs, or all that did is repaired; 1: stopped before the end;"
                    + " 4: documents differ."
        },
        sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d+)?)%");
    private static final Pattern RATE = Pattern.compile("(\\d{1,9})(?:/s)?");

    @Option(
            names = "--document",
            paramLabel = "INDEX",
            description = "An index to verify, as the schema file names it; may be given several times (default: all).")
    private List<String> documents = new ArrayList<>();

    @Option(
            names = "--where",
            paramLabel = "SQL",
            description = "Compare only the roots that match this condition over the columns of the root's table;"
                    + " documents whose roots are gone are then not looked for.")
    private Optional<String> where = Optional.empty();

    @Option(
            names = "--sample",
            paramLabel = "PERCENT",
            defaultValue = "100%",
            description = "Compare a part of the documents, spread over the whole index; for example 1%%.")
    private String sample = "100%";

    @Option(
            names = "--rate",
            paramLabel = "N/s",
            description = "Compare at most so many documents in a second (default: no limit).")
    private Optional<String> rate = Optional.empty();

    @Option(
            names = "--repair",
            description = "Read what differs again and store it, at most 10,000 documents of an index.")
    private boolean repair;

    @Option(names = "--json", description = "For programs: one JSON object on a line.")
    private boolean json;

    @Mixin
    private SchemaFileOptions given = new SchemaFileOptions();

    @Override
    public Integer call() {
        if (where.isPresent() && documents.size() != 1) {
            throw given.illegal("--where goes with one --document, its columns are meant.");
        }
        var order = new VerifyOrder(documents, where, part(), perSecond(), repair);
        Settings settings = given.settings();
        var run = new VerifyRun(settings, given.terminal(), given.out(), json);
        return ShutdownSignal.during(
                        settings.duration(Setting.PGSYNC_SHUTDOWN_TIMEOUT), stop -> run.verify(order, stop))
                .code();
    }

    private double part() {
        Matcher percent = PERCENT.matcher(sample);
        double part = percent.matches() ? Double.parseDouble(percent.group(1)) / 100 : 0;
        if (part <= 0 || part > 1) {
            throw given.illegal("--sample is a percentage from 0% to 100%, for example 1%; not " + sample + ".");
        }
        return part;
    }

    private OptionalInt perSecond() {
        if (rate.isEmpty()) {
            return OptionalInt.empty();
        }
        Matcher number = RATE.matcher(rate.get());
        int perSecond = number.matches() ? Integer.parseInt(number.group(1)) : 0;
        if (perSecond < 1) {
            throw given.illegal(
                    "--rate is a number of documents per second, for example 500/s; not " + rate.get() + ".");
        }
        return OptionalInt.of(perSecond);
    }
}
