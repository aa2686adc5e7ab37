package io.pgsync.cli.plan;

import io.pgsync.cli.config.VariableNames;
import io.pgsync.runtime.report.DocumentPlan;
import io.pgsync.runtime.report.DocumentPlan.Load;
import io.pgsync.runtime.report.Plan;
import io.pgsync.runtime.report.PlannedChange;
import io.pgsync.runtime.report.PlannedChange.Measure;
import io.pgsync.runtime.status.Amounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A plan for people: one line for each difference, then totals, and the commands at the end. */
public final class PlanText {
    private final Plan plan;
    private final List<String> lines = new ArrayList<>();

    private PlanText(Plan plan) {
        this.plan = plan;
    }

    public static List<String> of(Plan plan) {
        var text = new PlanText(plan);
        plan.documents().forEach(text::add);
        text.addTotals();
        return List.copyOf(text.lines);
    }

    private void add(DocumentPlan document) {
        lines.add(
                "Index %s: %s%s".formatted(document.index(), document.measure().words(), size(document)));
        int width =
                width(document.changes().stream().map(PlannedChange::pointer).toList());
        for (PlannedChange change : document.changes()) {
            lines.add("  %s  %-13s  %s%s (%s)"
                    .formatted(
                            padded(change.pointer(), width),
                            change.measure().words(),
                            change.byHand() ? "by hand: " : "",
                            change.what(),
                            oneLine(change.reason())));
        }
        document.load().ifPresent(load -> lines.add("  " + text(load)));
        document.notes().forEach(note -> lines.add("  Note: " + VariableNames.addedTo(oneLine(note))));
    }

    /** Reasons of the engine, and conditions of users, may have several lines. */
    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static int width(List<String> texts) {
        return texts.stream().map(String::length).max(Comparator.naturalOrder()).orElse(0);
    }

    private static String size(DocumentPlan document) {
        return document.size()
                .map(size -> " (%,d documents, %s)".formatted(size.documents(), Amounts.bytes(size.bytes())))
                .orElse("");
    }

    private static String text(Load load) {
        String time = load.time()
                .map(Amounts::time)
                .map(", about %s at the rate of the last load"::formatted)
                .orElse("");
        String more = load.byCommand() > load.roots()
                ? "; the command below loads %s".formatted(load.byCommand() == load.total() ? "all" : "more")
                : "";
        return "To be written: %,d of %,d documents%s%s%s"
                .formatted(load.roots(), load.total(), where(load.where()), more, time);
    }

    private static String where(Optional<String> condition) {
        return condition.map(PlanText::oneLine).map(", where "::concat).orElse("");
    }

    private void addTotals() {
        List<PlannedChange> changes = plan.documents().stream()
                .flatMap(document -> document.changes().stream())
                .toList();
        if (plan.measure() == Measure.NOTHING) {
            lines.add("Nothing to do.");
            return;
        }
        lines.add(Arrays.stream(Measure.values())
                .filter(measure -> count(changes, measure) > 0)
                .map(measure -> "%d %s".formatted(count(changes, measure), measure.words()))
                .collect(Collectors.joining(", ", "In all: ", "")));
        if (!plan.commands().isEmpty()) {
            lines.add("Commands:");
            plan.commands().forEach(command -> lines.add("  " + command));
        }
    }

    private static long count(List<PlannedChange> changes, Measure measure) {
        return changes.stream().filter(change -> change.measure() == measure).count();
    }
}
