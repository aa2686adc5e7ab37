package io.pgsync.cli.verify;

import io.pgsync.runtime.report.VerifyProgress;
import java.util.Locale;

/** A running comparison in one line for people. */
public final class VerifyLine {
    private VerifyLine() {}

    public static String of(VerifyProgress progress) {
        long millis = Math.max(1, progress.elapsed().toMillis());
        return String.format(
                Locale.ROOT,
                "%s: %s %,d%s  %,d/s  %,d differ",
                progress.index(),
                switch (progress.stage()) {
                    case DOCUMENTS -> "documents";
                    case IDS -> "ids";
                    case REPAIR -> "repaired";
                },
                progress.compared(),
                progress.expected() > 0
                        ? String.format(Locale.ROOT, " of about %,d (%d%%)", progress.expected(), progress.percent())
                        : "",
                progress.compared() * 1_000 / millis,
                progress.differing());
    }
}
