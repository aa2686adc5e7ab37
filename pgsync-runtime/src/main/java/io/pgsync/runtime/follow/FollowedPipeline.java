package io.pgsync.runtime.follow;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.pipeline.IndexPorts;
import io.pgsync.core.pipeline.NothingLeft;
import io.pgsync.core.pipeline.PipelineContext;
import io.pgsync.core.pipeline.SourcePorts;
import io.pgsync.core.pipeline.Synchronizer;
import io.pgsync.elasticsearch.lookup.MetaKeyLookup;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.query.MaterializedViews;
import io.pgsync.replication.query.PostgresKeyLookup;
import io.pgsync.replication.query.PostgresSchemaWatch;
import io.pgsync.replication.query.PostgresVisibilityFence;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Resources;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Assembles the five stages of one database: both adapters behind the ports of the flow. */
final class FollowedPipeline {
    private final Resources resources;
    private final Database database;
    private final RunReport report;
    private final NothingLeft nothingLeft;

    FollowedPipeline(Resources resources, Database database, RunReport report, NothingLeft nothingLeft) {
        this.resources = resources;
        this.database = database;
        this.report = report;
        this.nothingLeft = nothingLeft;
    }

    /** As {@link Synchronizer#run}. */
    Flux<Lsn> run(Mono<Void> stop) {
        return new Synchronizer(
                        database.trees(),
                        source(stop),
                        new IndexPorts(
                                resources.ownership(),
                                new MetaKeyLookup(resources.engine()),
                                resources.states(),
                                resources.deadLetters(),
                                resources.refusals()),
                        new PipelineContext(
                                resources.config().bounds().pipeline(),
                                report,
                                resources.timer(),
                                nothingLeft,
                                resources.workLog(database)))
                .run(stop);
    }

    private SourcePorts source(Mono<Void> stop) {
        PostgresConnections source = database.connections();
        return new SourcePorts(
                LeasedSlot.of(resources, database).open(stop),
                new PostgresVisibilityFence(source),
                new MaterializedViews(source),
                new PostgresKeyLookup(resources.walks(source), source),
                resources.documents().forStream(database, report.reads()),
                new PostgresSchemaWatch(source, database.names().publication(), database.suspects()));
    }
}
