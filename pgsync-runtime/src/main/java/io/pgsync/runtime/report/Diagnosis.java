package io.pgsync.runtime.report;

import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All findings of one examination.
 *
 * @param places the findings by the place that they are about, in the order for display
 */
public record Diagnosis(Map<String, List<Finding>> places) {
    /** The beginning of a database's place. */
    public static final String SOURCE = "PostgreSQL ";

    public Diagnosis {
        places = Collections.unmodifiableMap(new LinkedHashMap<>(places));
    }

    /** The worst severity of all findings. */
    public Severity severity() {
        return places.values().stream()
                .flatMap(List::stream)
                .map(Finding::severity)
                .max(Comparator.naturalOrder())
                .orElse(Severity.FINE);
    }

    /** Fails if there are problems, with all of them in one message. */
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

    /** The findings about databases. */
    public Stream<Finding> sources() {
        return places.entrySet().stream()
                .filter(place -> place.getKey().startsWith(SOURCE))
                .flatMap(place -> place.getValue().stream());
    }

    /** How many findings are of that severity. */
    public long count(Severity severity) {
        return places.values().stream()
                .flatMap(List::stream)
                .filter(finding -> finding.severity() == severity)
                .count();
    }
}
