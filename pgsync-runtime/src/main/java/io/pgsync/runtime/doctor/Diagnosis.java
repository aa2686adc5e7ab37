package io.pgsync.runtime.doctor;

import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All findings of one examination, by the place that they are about. */
public final class Diagnosis {
    private final Map<String, List<Finding>> places = new LinkedHashMap<>();

    /** Adds a place, in the order in which they are shown. */
    void add(String place, List<Finding> findings) {
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

    /** By place, in the order in which they are shown. */
    public Map<String, List<Finding>> places() {
        return Collections.unmodifiableMap(places);
    }

    /** How many findings are of that severity. */
    public long count(Severity severity) {
        return places.values().stream()
                .flatMap(List::stream)
                .filter(finding -> finding.severity() == severity)
                .count();
    }
}
