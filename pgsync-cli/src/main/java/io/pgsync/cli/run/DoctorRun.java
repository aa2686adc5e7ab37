package io.pgsync.cli.run;

import io.pgsync.cli.config.Settings;
import io.pgsync.runtime.report.Diagnosis;

/** Examines both servers of a schema file, as far as they can be reached. Reads only; blocks. */
public final class DoctorRun {
    private final Settings settings;

    public DoctorRun(Settings settings) {
        this.settings = settings;
    }

    /**
     * Examines everything. A server that cannot be reached, or a file that does not fit its database, is a finding like
     * any other.
     */
    public Diagnosis examine() {
        return RunConfigs.pgsync(settings).doctor().blockOptional().orElseThrow();
    }
}
