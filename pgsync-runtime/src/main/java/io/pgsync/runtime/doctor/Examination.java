package io.pgsync.runtime.doctor;

import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.core.schema.SchemaException;
import io.pgsync.core.schema.SchemaProblem;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.examination.EngineExamination;
import io.pgsync.elasticsearch.examination.PlannedIndex;
import io.pgsync.replication.connection.TableLockedException;
import io.pgsync.replication.preflight.Preflight;
import io.pgsync.replication.preflight.WantedTable;
import io.pgsync.replication.query.StatementCheck;
import io.pgsync.runtime.explain.NeededIndex;
import io.pgsync.runtime.setup.Bootstrap;
import io.pgsync.runtime.setup.IdentityChoice;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.PublishedTables;
import io.pgsync.runtime.source.Resources;
import io.pgsync.runtime.status.StatusReader;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Examines both servers of a schema file, as far as they can be reached. Reads only. */
public final class Examination {
    private static final String ENGINE = "Elasticsearch";

    private final Resources resources;

    public Examination(Resources resources) {
        this.resources = resources;
    }

    /** A server that cannot be reached, or a file that does not fit its database, is a finding like others. */
    public Mono<Diagnosis> examine() {
        return Mono.defer(() -> {
            var diagnosis = new Diagnosis();
            return databases(diagnosis)
                    .flatMap(databases -> examine(databases, diagnosis))
                    .thenReturn(diagnosis);
        });
    }

    /**
     * Only what must hold before anything is made: a slot that is to be made again, or is missing, is no fault. Fails with RETRY where it is not
     * known now.
     */
    public Mono<Diagnosis> check(List<Database> databases, IdentityChoice choice) {
        return Mono.defer(() -> {
            var diagnosis = new Diagnosis();
            return Flux.fromIterable(databases)
                    .concatMap(database ->
                            check(database, choice).doOnNext(findings -> diagnosis.add(place(database), findings)))
                    .then(engine(databases))
                    .doOnNext(findings -> diagnosis.add(ENGINE, findings))
                    .thenReturn(diagnosis);
        });
    }

    private Mono<List<Finding>> check(Database database, IdentityChoice choice) {
        var preflight = new Preflight(database.connections());
        return source(database, preflight.check(database.stream(), tables(database), choice.excused(names(database))))
                .flatMap(findings -> and(findings, statements(database, findings)));
    }

    private Mono<Void> examine(List<Database> databases, Diagnosis diagnosis) {
        return Flux.fromIterable(databases)
                .concatMap(database ->
                        orFailure(examine(database)).doOnNext(findings -> diagnosis.add(place(database), findings)))
                .then(orFailure(engine(databases)))
                .doOnNext(findings -> diagnosis.add(ENGINE, findings))
                .thenMany(Flux.fromIterable(databases))
                .concatMap(database -> orFailure(divergences(database))
                        .filter(found -> !found.isEmpty())
                        .doOnNext(found -> diagnosis.add("Documents of " + database.name(), found)))
                .then();
    }

    private Mono<List<Finding>> examine(Database database) {
        Set<TableName> insertOnly = resources.config().insertOnly();
        var preflight = new Preflight(database.connections());
        return source(database, preflight.examine(database.stream(), tables(database), insertOnly))
                .flatMap(findings -> and(
                        findings,
                        statements(database, findings)
                                .onErrorResume(
                                        TableLockedException.class, locked -> Flux.just(locked.finding("queries")))));
    }

    private Mono<List<Finding>> divergences(Database database) {
        return StatusReader.of(resources, database)
                .flatMap(status -> new DivergenceFindings(
                                database, status, resources.config().schema().repair())
                        .all());
    }

    private static String place(Database database) {
        return "PostgreSQL " + database.connections().settings().address();
    }

    private static List<WantedTable> tables(Database database) {
        return PublishedTables.wanted(database.trees());
    }

    private static Set<TableName> names(Database database) {
        return PublishedTables.of(database.trees());
    }

    private Mono<List<Finding>> engine(List<Database> databases) {
        MappingMode mode = resources.config().mapping();
        List<PlannedIndex> indexes = databases.stream()
                .flatMap(database -> database.trees().stream())
                .map(tree -> Bootstrap.plan(tree, mode))
                .toList();
        return Mono.defer(() -> new EngineExamination(resources.engine()).examine(indexes));
    }

    private Mono<List<Database>> databases(Diagnosis diagnosis) {
        String source = resources.config().schema().source();
        return resources
                .uncheckedDatabasesThatFit()
                .doOnError(
                        SchemaException.class,
                        failure -> diagnosis.add(
                                source,
                                failure.problems().stream()
                                        .map(Examination::finding)
                                        .toList()))
                .doOnError(
                        failure -> failure instanceof SyncException && !(failure instanceof SchemaException),
                        failure -> diagnosis.add(source, List.of(Finding.problem("database", message(failure), ""))))
                .onErrorResume(SyncException.class, failure -> Mono.just(List.of()));
    }

    private static Finding finding(SchemaProblem problem) {
        return Finding.problem(problem.pointer(), problem.message(), "");
    }

    private static Mono<List<Finding>> source(Database database, Mono<List<Finding>> preflight) {
        return preflight.flatMap(
                findings -> and(findings, Flux.fromIterable(database.trees()).flatMapIterable(Examination::indexes)));
    }

    /** What the server refuses; nothing where {@code before} has problems: a role that may not read a table would only fail once more. */
    private static Flux<Finding> statements(Database database, List<Finding> before) {
        return before.stream().anyMatch(finding -> finding.severity() == Finding.Severity.PROBLEM)
                ? Flux.empty()
                : new StatementCheck(database.connections())
                        .problems(database.trees())
                        .map(Examination::finding);
    }

    private static Mono<List<Finding>> and(List<Finding> findings, Flux<Finding> more) {
        return Flux.fromIterable(findings).concatWith(more).collectList();
    }

    private static List<Finding> indexes(DocumentTree tree) {
        List<Finding> missing = missingIndexes(tree);
        return missing.isEmpty()
                ? List.of(Finding.fine("indexes for \"" + tree.index() + "\"", "all that its queries need"))
                : missing;
    }

    /** Without an index on a link, a load reads a whole table for each document. */
    public static List<Finding> missingIndexes(DocumentTree tree) {
        return NeededIndex.of(tree).stream()
                .filter(NeededIndex::isMissing)
                .map(index -> Finding.warning(
                        "index on " + index,
                        "missing: each look-up for \"" + tree.index() + "\" reads the whole table",
                        index.statement()))
                .toList();
    }

    private static Mono<List<Finding>> orFailure(Mono<List<Finding>> examination) {
        return examination.onErrorResume(
                SyncException.class,
                failure -> Mono.just(List.of(Finding.problem("connection", message(failure), ""))));
    }

    private static String message(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
