package io.pgsync.cli.console;

import io.pgsync.runtime.report.LoadProgress;
import io.pgsync.runtime.status.Amounts;
import java.time.Duration;
import java.util.Locale;

/** A running load in one line for people: at most 80 columns if the name of the index has at most 16 characters. */
public final class LoadLine {
    private static final int BAR_WIDTH = 16;

    private LoadLine() {}

    public static String of(LoadProgress load) {
        String head = "%-16s %s".formatted(shortened(load.index()), bar(load));
        String rate = String.format(Locale.ROOT, "%,d/s", load.perSecond());
        if (load.expected() <= 0) {
            return String.format(Locale.ROOT, "%s %,d documents  %s", head, load.stored(), rate);
        }
        return String.format(
                Locale.ROOT,
                "%s %3d%%  %,d of %,d  %s  %s",
                head,
                load.percent(),
                load.stored(),
                Math.max(load.expected(), load.stored()),
                rate,
                timeLeft(load));
    }

    private static String timeLeft(LoadProgress load) {
        if (load.perSecond() == 0) {
            return "";
        }
        Duration left = Duration.ofSeconds(Math.max(0, load.expected() - load.stored()) / load.perSecond());
        return Amounts.time(left) + " left";
    }

    private static String bar(LoadProgress load) {
        if (load.expected() <= 0) {
            return "";
        }
        int filled = BAR_WIDTH * load.percent() / 100;
        return "[" + "=".repeat(filled) + " ".repeat(BAR_WIDTH - filled) + "]";
    }

    private static String shortened(String name) {
        return name.length() <= 16 ? name : name.substring(0, 15) + "~";
    }
}
