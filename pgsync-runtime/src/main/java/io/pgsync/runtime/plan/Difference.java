package io.pgsync.runtime.plan;

import io.pgsync.runtime.report.PlannedChange;
import io.pgsync.runtime.report.PlannedChange.Measure;

/** A difference between file and index, and the roots whose documents it alters. */
record Difference(PlannedChange change, Affected affected) {
    static Difference load(String pointer, String what, String reason, Affected affected) {
        return new Difference(new PlannedChange(pointer, Measure.LOAD, what, reason), affected);
    }

    static Difference reindex(String pointer, String what, String reason) {
        return new Difference(new PlannedChange(pointer, Measure.REINDEX, what, reason), Affected.ALL);
    }

    static Difference nothing(String pointer, String what, String reason) {
        return new Difference(new PlannedChange(pointer, Measure.NOTHING, what, reason), Affected.NONE);
    }
}
