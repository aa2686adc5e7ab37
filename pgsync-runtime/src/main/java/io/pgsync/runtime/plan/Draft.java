package io.pgsync.runtime.plan;

import io.pgsync.elasticsearch.examination.Alteration;
import io.pgsync.runtime.report.DocumentPlan;
import java.util.Map;
import java.util.Optional;

/**
 * The plan of one document, and what its commands need.
 *
 * @param index the index by its own name; empty if there is none
 * @param needsBootstrap whether a run would refuse the index before another bootstrap
 * @param alterations what the engine accepts on the index, by where it is sent
 */
record Draft(DocumentPlan plan, Optional<String> index, boolean needsBootstrap, Map<String, Alteration> alterations) {
    Draft {
        alterations = Map.copyOf(alterations);
    }
}
