package io.pgsync.runtime.reindex;

import io.pgsync.core.checkpoint.Placement;
import io.pgsync.runtime.placement.PlacedSchema;
import io.pgsync.runtime.plan.Plans;
import io.pgsync.runtime.report.PlannedChange.Measure;
import io.pgsync.runtime.source.Resources;
import java.util.List;
import reactor.core.publisher.Mono;

/** The documents that are to be reindexed. */
record ChangedDocuments(Resources resources, SchemaEntries entries) {
    /** Those that are named; else those with a reindex, and those that the file changes so that one is needed. */
    Mono<List<String>> chosen(List<String> named) {
        if (!named.isEmpty()) {
            return Mono.fromSupplier(() -> entries.names(named));
        }
        PlacedSchema placed = resources.placed();
        return new Plans(resources)
                .plan()
                .map(plan -> entries.names(List.of()).stream()
                        .filter(name -> isUnderWay(placed, name)
                                || plan.documents().stream()
                                        .filter(document ->
                                                placed.nameOf(document.index()).equals(name))
                                        .anyMatch(document -> document.measure() == Measure.REINDEX
                                                || document.measure() == Measure.LOAD))
                        .toList());
    }

    private static boolean isUnderWay(PlacedSchema placed, String name) {
        Placement placement = placed.placements().get(name);
        return placement != null && placement.reindex().isPresent();
    }
}
