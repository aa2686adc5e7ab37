package io.pgsync.runtime.report;

import io.pgsync.runtime.report.PlannedChange.Measure;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What one document of the schema file would change.
 *
 * @param basis what the file was compared with
 * @param size of its index; empty if there is none
 * @param changes the differences: first those of documents, in the order of the file, then those of the index
 * @param load the documents to be written again; empty if there are none
 * @param notes what has to be known besides, such as a divergence of the index
 */
public record DocumentPlan(
        String index,
        Basis basis,
        Optional<Size> size,
        List<PlannedChange> changes,
        Optional<Load> load,
        List<String> notes) {
    public DocumentPlan {
        changes = List.copyOf(changes);
        notes = List.copyOf(notes);
    }

    /** What the document takes as a whole: the greatest measure of its differences. */
    public Measure measure() {
        return changes.stream()
                .map(PlannedChange::measure)
                .max(Comparator.naturalOrder())
                .orElse(Measure.NOTHING);
    }

    /** What is known of the definition with which the index was loaded. */
    public enum Basis {
        /** The whole definition. */
        DEFINITION,
        /** Its fingerprint alone: the index was loaded by an earlier version. */
        FINGERPRINT,
        /** The index was never loaded. */
        NOTHING
    }

    /**
     * The size of an index.
     *
     * @param bytes on disk, without replicas
     */
    public record Size(long documents, long bytes) {}

    /**
     * Documents that must be written again.
     *
     * @param roots how many, counted in the source
     * @param total how many roots there are
     * @param where an SQL condition over the root's columns that they match; empty if they are all
     * @param byCommand how many the commands of today load
     * @param time an estimate from the rate of the last load; empty if that is unknown
     */
    public record Load(long roots, long total, Optional<String> where, long byCommand, Optional<Duration> time) {}
}
