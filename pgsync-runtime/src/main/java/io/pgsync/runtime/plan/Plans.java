package io.pgsync.runtime.plan;

import io.pgsync.elasticsearch.examination.ScratchIndexes;
import io.pgsync.runtime.report.Plan;
import io.pgsync.runtime.source.Resources;
import java.time.Clock;
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
        var planner = new DocumentPlanner(
                resources.states(),
                new PlanEngine.Cluster(new ScratchIndexes(resources.engine(), Clock.systemUTC())),
                new PlanSource.Postgres(),
                resources.placed(),
                resources.config().mapping());
        return resources
                .databases()
                .flatMapMany(Flux::fromIterable)
                .concatMap(
                        database -> Flux.fromIterable(database.trees()).concatMap(tree -> planner.plan(database, tree)))
                .collectList()
                .map(drafts -> new Plan(
                        drafts.stream().map(Draft::plan).toList(),
                        PlanCommands.of(
                                drafts,
                                resources.config().servers().engine().urls().get(0),
                                resources.repair())));
    }
}
