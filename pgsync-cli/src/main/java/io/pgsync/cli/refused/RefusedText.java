package io.pgsync.cli.refused;

import io.pgsync.core.refusal.Refusal;
import io.pgsync.runtime.report.RefusedOfIndex;
import io.pgsync.runtime.report.RetryOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Refused documents as lines for people. */
public final class RefusedText {
    private static final int MOST_IDS = 10;

    private RefusedText() {}

    /** Each document on a line, with its reason below it. */
    public static List<String> list(List<RefusedOfIndex> found) {
        if (found.isEmpty()) {
            return List.of("No document is refused.");
        }
        var lines = new ArrayList<String>();
        found.forEach(index -> addTo(lines, index));
        return lines;
    }

    private static void addTo(List<String> lines, RefusedOfIndex index) {
        lines.add("Index %s, %s".formatted(index.index(), amount(index.count(), "refused document")));
        index.recorded().forEach(record -> {
            lines.add("  %s: %s, %s since %s".formatted(record.id(), cause(record), times(record), record.since()));
            lines.add("    " + oneLine(record.reason()));
        });
        if (!index.unrecorded().isEmpty()) {
            lines.add("  %s without a record: there was no room, or it was forgotten (%s)"
                    .formatted(amount(index.unrecorded().size(), "document"), some(index.unrecorded())));
        }
    }

    private static String cause(Refusal record) {
        return record.type() + record.path().map(" at %s"::formatted).orElse("");
    }

    private static String times(Refusal record) {
        return record.times() == 1 ? "once" : number(record.times()) + " times";
    }

    /** All of a record, one property on a line. */
    public static List<String> show(List<RefusedOfIndex> found, String id) {
        if (found.isEmpty()) {
            return List.of("No document with the id %s is refused.".formatted(id));
        }
        var lines = new ArrayList<String>();
        for (RefusedOfIndex index : found) {
            index.recorded().forEach(record -> addTo(lines, index.index(), record));
            index.unrecorded()
                    .forEach(other -> lines.add(
                            "Index %s, document %s: refused, without a record".formatted(index.index(), other)));
        }
        return lines;
    }

    private static void addTo(List<String> lines, String index, Refusal record) {
        lines.add("Index %s, document %s".formatted(index, record.id()));
        lines.add("  type    " + record.type());
        record.path().ifPresent(path -> lines.add("  path    " + path));
        lines.add("  status  " + (record.status() == 0 ? "not sent to the engine" : record.status()));
        lines.add("  since   " + record.since());
        lines.add("  last    " + record.last());
        lines.add("  times   " + number(record.times()));
        lines.add("  reason  " + oneLine(record.reason()));
    }

    /** What became of each index. */
    public static List<String> retried(List<RetryOutcome> outcomes) {
        return outcomes.isEmpty()
                ? List.of("None of these documents is refused.")
                : outcomes.stream().map(RefusedText::retried).toList();
    }

    private static String retried(RetryOutcome outcome) {
        if (outcome.left().isPresent()) {
            return "Index %s: none of %s tried: %s"
                    .formatted(
                            outcome.index(),
                            amount(outcome.tried(), "refused document"),
                            oneLine(outcome.left().get()));
        }
        int stored = outcome.tried() - outcome.refused().size();
        String line = "Index %s: %s of %s stored"
                .formatted(outcome.index(), number(stored), amount(outcome.tried(), "refused document"));
        if (outcome.refused().isEmpty()) {
            return line;
        }
        return outcome.stopped()
                ? line + "; the order to try the others stands, and the process that follows performs it"
                : line + "; still refused: " + some(outcome.refused());
    }

    /** What became of records. */
    public static List<String> forgotten(long records) {
        return records == 0
                ? List.of("There are no such records.")
                : List.of(amount(records, "record") + " removed. The documents stay as they are: missing, or older than"
                        + " their rows, until a row of theirs changes or they are tried again.");
    }

    private static String some(List<String> ids) {
        String first = String.join(", ", ids.subList(0, Math.min(MOST_IDS, ids.size())));
        return ids.size() > MOST_IDS ? first + " and others" : first;
    }

    private static String amount(long count, String noun) {
        return number(count) + " " + noun + (count == 1 ? "" : "s");
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ");
    }
}
