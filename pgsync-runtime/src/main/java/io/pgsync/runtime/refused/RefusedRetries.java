package io.pgsync.runtime.refused;

import io.pgsync.replication.slot.ReplicationSlots;
import io.pgsync.runtime.config.RefusedSelection;
import io.pgsync.runtime.follow.Following;
import io.pgsync.runtime.report.RefusedOfIndex;
import io.pgsync.runtime.report.RetryOutcome;
import io.pgsync.runtime.report.RunListener;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Resources;
import io.pgsync.runtime.source.SlotHolder;
import java.util.List;
import reactor.core.publisher.Mono;

/** Tries refused documents again, one database of the schema file after the other. */
public final class RefusedRetries {
    private final Resources resources;
    private final RefusedSelection selection;

    public RefusedRetries(Resources resources, RefusedSelection selection) {
        this.resources = resources;
        this.selection = selection;
    }

    /**
     * What became of each index with such documents; ends early when {@code stop} signals, and the orders then remain.
     */
    public Mono<List<RetryOutcome>> run(Mono<Void> stop, RunListener listener) {
        return Mono.defer(() -> RefusedRecords.of(resources).list(selection))
                .filter(found -> !found.isEmpty())
                .flatMap(found -> resources
                        .databases()
                        .toFollow()
                        .flatMapIterable(databases -> databases)
                        .concatMap(database -> run(database, found, stop, listener))
                        .concatMapIterable(outcomes -> outcomes)
                        .collectList())
                .defaultIfEmpty(List.of());
    }

    private Mono<List<RetryOutcome>> run(
            Database database, List<RefusedOfIndex> found, Mono<Void> stop, RunListener listener) {
        List<RefusedOfIndex> here = found.stream()
                .filter(of -> database.indexes().contains(of.index()))
                .toList();
        return new RetryRun(
                        resources.states(),
                        resources.refusals(),
                        resources.timer(),
                        new OfDatabase(resources, database, listener))
                .perform(here, selection.isWhole(), stop);
    }

    private record OfDatabase(Resources resources, Database database, RunListener listener)
            implements RetryRun.Follower {
        @Override
        public Mono<Boolean> isAnother() {
            var slots = new ReplicationSlots(database.connections());
            return new SlotHolder(
                            Mono.defer(() -> slots.describe(database.names().slot())), resources.timer())
                    .isThere();
        }

        @Override
        public Mono<Void> until(Mono<Void> end) {
            return Following.prepare(resources, database)
                    .flatMap(following -> Following.told(listener, List.of(following), following.until(end)));
        }
    }
}
