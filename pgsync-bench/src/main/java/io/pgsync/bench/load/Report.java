package io.pgsync.bench.load;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The figures of one run, shown as they come. */
final class Report {
    private final PrintWriter out;
    private final List<Figure> figures = new ArrayList<>();

    Report(PrintWriter out) {
        this.out = out;
    }

    /** What a figure is held to. */
    enum Goal {
        AT_LEAST,
        AT_MOST
    }

    private record Target(Goal goal, double value) {
        boolean isMetBy(double found) {
            return goal == Goal.AT_LEAST ? found >= value : found <= value;
        }
    }

    private record Figure(String work, String name, double value, String unit, Optional<Target> target) {
        String line() {
            String verdict = target.map(t -> "   %s %s: %s"
                            .formatted(
                                    t.goal() == Goal.AT_LEAST ? "at least" : "at most",
                                    number(t.value()),
                                    t.isMetBy(value) ? "met" : "MISSED"))
                    .orElse("");
            return "  %-46s %12s %-13s%s".formatted(name, number(value), unit, verdict);
        }

        private static String number(double value) {
            return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : "%,.2f", value);
        }
    }

    /** The figures that follow belong to this work. */
    Section section(String work) {
        say(work);
        return new Section(work, true);
    }

    final class Section {
        private final String work;
        private final boolean hasTargets;

        private Section(String work, boolean hasTargets) {
            this.work = work;
            this.hasTargets = hasTargets;
        }

        /** The same work in another way, which is held to nothing. */
        Section withoutTargets() {
            return new Section(work, false);
        }

        void add(String name, double value, String unit) {
            add(new Figure(work, name, value, unit, Optional.empty()));
        }

        void add(String name, double value, String unit, Goal goal, double target) {
            add(new Figure(
                    work,
                    name,
                    value,
                    unit,
                    Optional.of(new Target(goal, target)).filter(held -> hasTargets)));
        }

        private void add(Figure figure) {
            figures.add(figure);
            say(figure.line());
        }
    }

    /** A line for who watches. */
    void say(String line) {
        out.println(line);
        out.flush();
    }

    void write(Path file) throws IOException {
        ObjectNode report = Engine.JSON.createObjectNode();
        report.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        report.put("java", Runtime.version().toString());
        report.put("processors", Runtime.getRuntime().availableProcessors());
        ArrayNode list = report.putArray("figures");
        for (Figure figure : figures) {
            ObjectNode entry = list.addObject();
            entry.put("work", figure.work()).put("name", figure.name()).put("value", figure.value());
            entry.put("unit", figure.unit());
            figure.target()
                    .ifPresent(
                            target -> entry.put("target", target.value()).put("met", target.isMetBy(figure.value())));
        }
        Files.writeString(file, report.toPrettyString() + "\n");
    }
}
