package io.pgsync.cli.run;

import io.pgsync.cli.config.Settings;
import io.pgsync.runtime.report.Plan;

/** Finds out what a schema file would change. Reads only; blocks. */
public final class PlanRun {
    private final Settings settings;

    public PlanRun(Settings settings) {
        this.settings = settings;
    }

    /** The differences of all documents, and what they take. */
    public Plan plan() {
        return RunConfigs.pgsync(settings).plan().blockOptional().orElseThrow();
    }
}
