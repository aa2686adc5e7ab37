package io.pgsync.runtime.report;

import io.pgsync.runtime.report.PlannedChange.Measure;
import java.util.Comparator;
import java.util.List;

/**
 * What a schema file would change, document by document.
 *
 * @param commands what to run, in this order, ready to be pasted into a POSIX shell; empty if nothing has to be done
 */
public record Plan(List<DocumentPlan> documents, List<String> commands) {
    public Plan {
        documents = List.copyOf(documents);
        commands = List.copyOf(commands);
    }

    /** What the file takes as a whole: the greatest measure of its documents. */
    public Measure measure() {
        return documents.stream()
                .map(DocumentPlan::measure)
                .max(Comparator.naturalOrder())
                .orElse(Measure.NOTHING);
    }
}
