package io.pgsync.runtime.status;

import java.time.Duration;
import java.util.Locale;

/** Sizes and times as people read them. Units are powers of 1024, as in PostgreSQL. */
public final class Amounts {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

    private Amounts() {}

    /** As {@link #bytes(double)}. */
    public static String bytes(long amount) {
        return bytes((double) amount);
    }

    /** At most four digits and a unit: {@code 12 kB}, {@code 1.2 GB}. */
    public static String bytes(double amount) {
        double left = Math.abs(amount);
        int unit = 0;
        while (left >= 1023.5 && unit < UNITS.length - 1) {
            left /= 1024;
            unit++;
        }
        String form = unit > 0 && left < 9.95 ? "%s%.1f %s" : "%s%.0f %s";
        return String.format(Locale.ROOT, form, amount < 0 ? "-" : "", left, UNITS[unit]);
    }

    /** The two greatest units: {@code 3 h 20 min}; below ten seconds with tenths. */
    public static String time(Duration time) {
        if (time.toDays() > 0) {
            return "%d d %d h".formatted(time.toDays(), time.toHoursPart());
        }
        if (time.toHours() > 0) {
            return "%d h %02d min".formatted(time.toHours(), time.toMinutesPart());
        }
        if (time.toMinutes() > 0) {
            return "%d min %02d s".formatted(time.toMinutes(), time.toSecondsPart());
        }
        boolean fine = time.toSeconds() < 10 && time.toMillis() % 1_000 != 0;
        return fine ? String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3) : "%d s".formatted(time.toSeconds());
    }
}
