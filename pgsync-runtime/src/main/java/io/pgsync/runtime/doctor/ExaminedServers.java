package io.pgsync.runtime.doctor;

import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.handover.WorkLog;
import io.pgsync.core.schema.SchemaProblem;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.examination.EngineExamination;
import io.pgsync.elasticsearch.examination.PlannedIndex;
import io.pgsync.replication.connection.ServerIdentity;
import io.pgsync.replication.preflight.Preflight;
import io.pgsync.replication.query.StatementCheck;
import io.pgsync.replication.replica.SlotSync;
import io.pgsync.replication.slot.ReplicationSlots;
import io.pgsync.replication.slot.SlotStatus;
import io.pgsync.runtime.setup.DocumentIndexes;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.PublishedTables;
import io.pgsync.runtime.source.Resources;
import io.pgsync.runtime.status.StatusReader;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What an examination asks of both servers. */
interface ExaminedServers {
    /** The databases with those documents of the file that fit their tables, or are known to have drifted. */
    Mono<List<Database>> databases();

    /** What must hold before anything is made; {@code excused} are tables that may be without identity. */
    Mono<List<Finding>> check(Database database, Set<TableName> excused);

    /** Everything that can be found out about a database. */
    Mono<List<Finding>> examine(Database database);

    /** What the server refuses about the statements of the documents. */
    Flux<SchemaProblem> statements(Database database);

    Mono<List<Finding>> engine(List<DocumentTree> trees);

    /** The log in which the affected roots of a database wait; empty without one. */
    Mono<List<Finding>> log(Database database);

    Mono<List<Finding>> divergences(Database database);

    /** The servers whose connections a run holds open. */
    record Open(Resources resources) implements ExaminedServers {
        @Override
        public Mono<List<Database>> databases() {
            return resources.databases().thatFit();
        }

        @Override
        public Mono<List<Finding>> check(Database database, Set<TableName> excused) {
            return new Preflight(database.connections())
                    .check(database.stream(), PublishedTables.wanted(database.trees()), excused);
        }

        @Override
        public Mono<List<Finding>> examine(Database database) {
            return new Preflight(database.connections())
                    .examine(
                            database.stream(),
                            PublishedTables.wanted(database.trees()),
                            resources.config().insertOnly())
                    .flatMap(findings -> Flux.fromIterable(findings)
                            .concatWith(replicas(database))
                            .collectList());
        }

        private Flux<Finding> replicas(Database database) {
            return Mono.justOrEmpty(resources.documents().replicas(database))
                    .flatMapMany(replicas ->
                            ServerIdentity.read(database.connections()).flatMapMany(replicas::examine))
                    .concatWith(copies(database));
        }

        /** Of a fail-over slot. */
        private Flux<Finding> copies(Database database) {
            String slot = database.names().slot();
            return new ReplicationSlots(database.connections())
                    .describe(slot)
                    .filter(SlotStatus::failover)
                    .flatMapMany(ours ->
                            Flux.fromIterable(resources.documents().standbys().apply(database)))
                    .concatMap(standby -> new SlotSync(standby, slot).examine());
        }

        @Override
        public Flux<SchemaProblem> statements(Database database) {
            return new StatementCheck(database.connections()).problems(database.trees());
        }

        @Override
        public Mono<List<Finding>> engine(List<DocumentTree> trees) {
            List<PlannedIndex> indexes = trees.stream()
                    .map(tree -> DocumentIndexes.plan(tree, resources.config().mapping()))
                    .toList();
            return new EngineExamination(resources.engine()).examine(indexes);
        }

        @Override
        public Mono<List<Finding>> log(Database database) {
            return Mono.justOrEmpty(resources.workLog(database)).flatMap(WorkLog::examine);
        }

        @Override
        public Mono<List<Finding>> divergences(Database database) {
            return StatusReader.of(resources, database)
                    .flatMap(status -> new DivergenceFindings(database, status, resources.repair()).all());
        }
    }
}
