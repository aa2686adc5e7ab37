package io.pgsync.runtime.verify;

import io.pgsync.core.audit.AuditProgress;
import io.pgsync.runtime.report.VerifiedIndex.Counts;

/** Port: the run beside which indexes are audited. Safe from any thread. */
public interface AuditedRun {
    /** Whether an index is followed and loaded, and no divergence of it is known; any other would only be in the way. */
    boolean isSound(String index);

    /** Another part of an index was compared, and {@code found} in it. */
    void audited(String index, Counts found, AuditProgress now);
}
