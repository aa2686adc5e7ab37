package io.pgsync.cli.doctor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All findings of one examination, by the place that they are about. */
public final class Diagnosis {
    private final Map<String, List<Finding>> places = new LinkedHashMap<>();

    /** Adds a place, in the order in which they are shown. */
    public void add(String place, List<Finding> findings) {
        places.put(place, List.copyOf(findings));
    }

    /** The worst of all. */
    public Severity severity() {
        return places.values().stream()
                .flatMap(List::stream)
                .map(Finding::severity)
                .max(Comparator.naturalOrder())
                .orElse(Severity.FINE);
    }

    /** Fails with everything that must be mended, in one message. */
    public void requireNoProblem() {
        List<String> problems = places.entrySet().stream()
                .flatMap(place -> place.getValue().stream()
                        .filter(finding -> finding.severity() == Severity.PROBLEM)
                        .map(finding -> "\n  " + place.getKey() + ", " + finding))
                .toList();
        if (!problems.isEmpty()) {
            throw new SyncException(Remedy.STOP, "The servers are not ready:" + String.join("", problems));
        }
    }

    /** One line a finding, its remedy below it, ready to be pasted where it is a statement. */
    public void print(PrintWriter out) {
        places.forEach((place, findings) -> {
            out.println(place);
            findings.forEach(finding -> print(finding, out));
        });
        out.println(summary());
        out.flush();
    }

    private static void print(Finding finding, PrintWriter out) {
        out.printf("  %-4s  %s: %s%n", word(finding.severity()), finding.subject(), finding.message());
        if (!finding.remedy().isEmpty()) {
            out.println("        " + finding.remedy());
        }
    }

    private String summary() {
        long problems = count(Severity.PROBLEM);
        long warnings = count(Severity.WARNING);
        return problems + warnings == 0
                ? "All is well."
                : "%d to mend, %d to think about.".formatted(problems, warnings);
    }

    private long count(Severity severity) {
        return places.values().stream()
                .flatMap(List::stream)
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    /** The same as an array of objects: place, level, subject, message, remedy. */
    public ArrayNode json() {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        places.forEach((place, findings) -> findings.forEach(finding -> {
            ObjectNode one = all.addObject();
            one.put("place", place);
            one.put("level", word(finding.severity()));
            one.put("subject", finding.subject());
            one.put("message", finding.message());
            one.put("remedy", finding.remedy());
        }));
        return all;
    }

    private static String word(Severity severity) {
        return switch (severity) {
            case FINE -> "OK";
            case WARNING -> "WARN";
            case PROBLEM -> "FAIL";
        };
    }
}
