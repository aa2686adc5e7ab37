package io.pgsync.runtime.plan;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.examination.Alterations;
import io.pgsync.elasticsearch.examination.ScratchIndexes;
import io.pgsync.runtime.report.Plan;
import io.pgsync.runtime.report.PlannedChange.Measure;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Resources;
import java.time.Clock;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Plans all documents of a schema file. Changes nothing. */
public final class Plans {
    private final Resources resources;

    public Plans(Resources resources) {
        this.resources = resources;
    }

    /** In the order of the file, database by database; fails with STOP if the file is wrong. */
    public Mono<Plan> plan() {
        return Mono.defer(() -> {
            DocumentPlanner planner = planner();
            return resources
                    .databases()
                    .checked()
                    .flatMapMany(Flux::fromIterable)
                    .concatMap(database ->
                            Flux.fromIterable(database.trees()).concatMap(tree -> planner.plan(database, tree)))
                    .collectList()
                    .map(this::together);
        });
    }

    private Plan together(List<Draft> drafts) {
        return new Plan(
                drafts.stream().map(Draft::plan).toList(),
                PlanCommands.of(
                        drafts, resources.config().servers().engine().urls().get(0), resources.repair()));
    }

    /**
     * Does to the indexes of a database what the engine takes on them as they are. Fails with STOP, and changes nothing,
     * if one of them must be made anew. Only documents that differ in words from those that were loaded are looked at.
     */
    public Mono<Void> makeInPlace(Database database) {
        return Mono.defer(() -> {
            DocumentPlanner planner = planner();
            return Flux.fromIterable(database.trees())
                    .filterWhen(tree -> planner.isChanged(tree))
                    .concatMap(tree -> planner.plan(database, tree))
                    .collectList()
                    .doOnNext(this::requireInPlace)
                    .flatMapMany(Flux::fromIterable)
                    .concatMap(this::alter)
                    .then();
        });
    }

    private Flux<Void> alter(Draft draft) {
        var alterations = new Alterations(resources.engine());
        return Mono.justOrEmpty(draft.index())
                .flatMapMany(index -> Flux.fromIterable(new TreeMap<>(draft.alterations()).values())
                        .concatMap(alteration -> alterations.make(index, alteration)));
    }

    private void requireInPlace(List<Draft> drafts) {
        String needed = drafts.stream()
                .flatMap(draft -> draft.plan().changes().stream()
                        .filter(change -> change.measure() == Measure.REINDEX && !change.byHand())
                        .map(change -> "%s: %s, %s. Run: %s"
                                .formatted(
                                        change.pointer(),
                                        change.what(),
                                        change.reason(),
                                        resources.repair().reindex(draft.plan().index()))))
                .collect(Collectors.joining("\n"));
        if (!needed.isEmpty()) {
            throw new SyncException(
                    Remedy.STOP,
                    "An index cannot become what the schema file says, so another one has to take its place. Nothing was changed.\n"
                            + needed);
        }
    }

    private DocumentPlanner planner() {
        return new DocumentPlanner(
                resources.states(),
                new PlanEngine.Cluster(new ScratchIndexes(resources.engine(), Clock.systemUTC())),
                new PlanSource.Postgres(),
                resources.placed(),
                resources.config().mapping());
    }
}
