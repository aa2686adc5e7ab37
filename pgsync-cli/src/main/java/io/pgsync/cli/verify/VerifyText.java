package io.pgsync.cli.verify;

import io.pgsync.runtime.report.Difference;
import io.pgsync.runtime.report.VerifiedIndex;
import io.pgsync.runtime.report.VerifiedIndex.Counts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was found in one index, in lines for people. */
public final class VerifyText {
    /** The others are in the form for programs. */
    private static final int MOST_LISTED = 20;

    private VerifyText() {}

    public static List<String> of(VerifiedIndex found) {
        var lines = new ArrayList<String>();
        lines.add(headline(found));
        limits(found, lines);
        found.differences().stream().limit(MOST_LISTED).map(VerifyText::line).forEach(lines::add);
        long more = found.counts().differing()
                - Math.min(MOST_LISTED, found.differences().size());
        if (more > 0) {
            lines.add(text("  and %,d more; --json lists up to 1,000", more));
        }
        if (found.counts().remaining() > 0) {
            lines.add(remedy(found.counts()));
        }
        return lines;
    }

    private static String remedy(Counts counts) {
        return counts.repaired() == 0
                ? "  --repair reads exactly these again and stores them as they must be"
                : text("  %,d are left; \"pgsync backfill\" loads the whole index", counts.remaining());
    }

    private static String headline(VerifiedIndex found) {
        Counts counts = found.counts();
        String compared = text(
                "Index %s: %,d documents compared in %.1f s, as of %s: ",
                found.index(), counts.compared(), found.seconds(), found.position());
        return compared + (counts.differing() == 0 ? "nothing differs" : differing(counts));
    }

    private static String differing(Counts counts) {
        String repaired = counts.repaired() == 0 ? "" : text(", %,d of them repaired", counts.repaired());
        return text(
                        "%,d differ (%,d missing, %,d different, %,d extra)",
                        counts.differing(), counts.missing(), counts.different(), counts.extra())
                + repaired;
    }

    /** What the comparison does not say. */
    private static void limits(VerifiedIndex found, List<String> lines) {
        if (!found.isComplete()) {
            lines.add("  stopped before the end");
        }
        found.failure().ifPresent(failure -> lines.add("  ended by a failure: " + message(failure)));
        found.presenceOnly().ifPresent(why -> lines.add("  only ids were compared, because " + why));
        if (!found.searchesExtra()) {
            lines.add("  documents without a root were not looked for: no condition on roots finds them");
        }
        if (found.counts().refused() > 0) {
            lines.add(text(
                    "  %,d are refused, see \"pgsync status\"", found.counts().refused()));
        }
        if (found.counts().undecided() > 0) {
            lines.add(text(
                    "  %,d changed at every look, so nobody can tell",
                    found.counts().undecided()));
        }
    }

    private static String message(Throwable failure) {
        return String.valueOf(failure.getMessage()).replaceAll("\\s+", " ");
    }

    private static String line(Difference difference) {
        return text(
                        "  %-9s %s  %s",
                        difference.kind().name().toLowerCase(Locale.ROOT),
                        difference.id(),
                        String.join(", ", difference.paths()))
                .stripTrailing();
    }

    private static String text(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}
