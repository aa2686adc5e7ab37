package io.pgsync.cli.console;

import java.time.Duration;
import java.util.Locale;

/**
 * One look at a running load.
 *
 * @param stored documents stored so far, those of earlier runs included
 * @param storedHere documents stored since this process began
 * @param expected documents at the end; an estimate, 0 where there is none
 * @param elapsed since this process began to load
 */
public record LoadProgress(String index, long stored, long storedHere, long expected, Duration elapsed) {
    private static final int BAR_WIDTH = 16;

    /** One line of at most 80 columns for indexes with names of up to 16 characters. */
    public String render() {
        String head = "%-16s %s".formatted(shortened(index), bar());
        String rate = String.format(Locale.ROOT, "%,d/s", perSecond());
        if (expected <= 0) {
            return String.format(Locale.ROOT, "%s %,d documents  %s", head, stored, rate);
        }
        return String.format(
                Locale.ROOT,
                "%s %3d%%  %,d of %,d  %s  %s",
                head,
                percent(),
                stored,
                Math.max(expected, stored),
                rate,
                timeLeft());
    }

    /** At most 99 as long as it runs: the expectation is an estimate. */
    int percent() {
        return expected <= 0 ? 0 : (int) Math.min(99, stored * 100 / expected);
    }

    long perSecond() {
        return elapsed.toMillis() == 0 ? 0 : storedHere * 1000 / elapsed.toMillis();
    }

    private String timeLeft() {
        if (perSecond() == 0) {
            return "";
        }
        Duration left = Duration.ofSeconds(Math.max(0, expected - stored) / perSecond());
        return Amounts.time(left) + " left";
    }

    private String bar() {
        if (expected <= 0) {
            return "";
        }
        int filled = BAR_WIDTH * percent() / 100;
        return "[" + "=".repeat(filled) + " ".repeat(BAR_WIDTH - filled) + "]";
    }

    private static String shortened(String name) {
        return name.length() <= 16 ? name : name.substring(0, 15) + "~";
    }
}
