package io.pgsync.cli.doctor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.cli.config.VariableNames;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.runtime.report.Diagnosis;
import java.io.PrintWriter;

/** The findings of an examination, for people and for programs. */
public final class DiagnosisText {
    private final Diagnosis diagnosis;

    public DiagnosisText(Diagnosis diagnosis) {
        this.diagnosis = diagnosis;
    }

    /** One line per finding, and its remedy below it. A remedy that is a statement can be pasted as it is. */
    public void print(PrintWriter out) {
        diagnosis.places().forEach((place, findings) -> {
            out.println(place);
            findings.forEach(finding -> print(finding, out));
        });
        out.println(summary());
        out.flush();
    }

    private static void print(Finding finding, PrintWriter out) {
        out.printf(
                "  %-4s  %s: %s%n",
                word(finding.severity()), finding.subject(), VariableNames.addedTo(finding.message()));
        if (!finding.remedy().isEmpty()) {
            out.println("        " + VariableNames.addedTo(finding.remedy()));
        }
    }

    private String summary() {
        long problems = diagnosis.count(Severity.PROBLEM);
        long warnings = diagnosis.count(Severity.WARNING);
        return problems + warnings == 0
                ? "All is well."
                : "%d to mend, %d to think about.".formatted(problems, warnings);
    }

    /** The same as an array of objects: place, level, subject, message, remedy. */
    public ArrayNode json() {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        diagnosis
                .places()
                .forEach((place, findings) -> findings.forEach(finding -> {
                    ObjectNode one = all.addObject();
                    one.put("place", place);
                    one.put("level", word(finding.severity()));
                    one.put("subject", finding.subject());
                    one.put("message", VariableNames.addedTo(finding.message()));
                    one.put("remedy", VariableNames.addedTo(finding.remedy()));
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
