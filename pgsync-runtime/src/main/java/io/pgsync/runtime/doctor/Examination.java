package io.pgsync.runtime.doctor;

import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.schema.SchemaException;
import io.pgsync.core.schema.SchemaProblem;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.connection.TableLockedException;
import io.pgsync.runtime.explain.NeededIndex;
import io.pgsync.runtime.report.Diagnosis;
import io.pgsync.runtime.setup.SourceChoice;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.PublishedTables;
import io.pgsync.runtime.source.Resources;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Examines both servers of a schema file, as far as they can be reached. Reads only. */
public final class Examination {
    private static final String ENGINE = "Search engine";

    private final String source;
    private final ExaminedServers servers;

    public Examination(Resources resources) {
        this(resources.config().schema().source(), new ExaminedServers.Open(resources));
    }

    /** {@code source}: the name of the schema file in messages. */
    Examination(String source, ExaminedServers servers) {
        this.source = source;
        this.servers = servers;
    }

    /**
     * Examines everything. A server that cannot be reached, or a file that does not fit its database, is a finding like
     * any other.
     */
    public Mono<Diagnosis> examine() {
        return Mono.defer(() -> {
            Map<String, List<Finding>> places = new LinkedHashMap<>();
            return databases(places)
                    .flatMap(databases -> examine(databases, places))
                    .then(Mono.fromSupplier(() -> new Diagnosis(places)));
        });
    }

    /**
     * Checks only what must hold before bootstrap creates anything. A slot that is missing or must be created again is
     * no problem here. Fails with RETRY if something cannot be found out now.
     */
    public Mono<Diagnosis> check(List<Database> databases, SourceChoice choice) {
        return Mono.defer(() -> {
            Map<String, List<Finding>> places = new LinkedHashMap<>();
            return Flux.fromIterable(databases)
                    .concatMap(database ->
                            check(database, choice).doOnNext(findings -> places.put(place(database), findings)))
                    .then(engine(databases))
                    .doOnNext(findings -> places.put(ENGINE, findings))
                    .then(Mono.fromSupplier(() -> new Diagnosis(places)));
        });
    }

    private Mono<List<Finding>> check(Database database, SourceChoice choice) {
        Set<TableName> excused = choice.excused(PublishedTables.of(database.trees()));
        return source(database, servers.check(database, excused))
                .flatMap(findings -> and(findings, statements(database, findings)));
    }

    private Mono<Void> examine(List<Database> databases, Map<String, List<Finding>> places) {
        return Flux.fromIterable(databases)
                .concatMap(database ->
                        orFailure(examine(database)).doOnNext(findings -> places.put(place(database), findings)))
                .then(orFailure(engine(databases)))
                .doOnNext(findings -> places.put(ENGINE, findings))
                .thenMany(Flux.fromIterable(databases))
                .concatMap(database -> orFailure(servers.log(database))
                        .doOnNext(found -> places.put("Log of work of " + database.name(), found)))
                .thenMany(Flux.fromIterable(databases))
                .concatMap(database -> orFailure(servers.divergences(database))
                        .filter(found -> !found.isEmpty())
                        .doOnNext(found -> places.put("Documents of " + database.name(), found)))
                .then();
    }

    private Mono<List<Finding>> examine(Database database) {
        return source(database, servers.examine(database))
                .flatMap(findings -> and(
                        findings,
                        statements(database, findings)
                                .onErrorResume(
                                        TableLockedException.class, locked -> Flux.just(locked.finding("queries")))));
    }

    private static String place(Database database) {
        return Diagnosis.SOURCE + database.connections().settings().address();
    }

    private Mono<List<Finding>> engine(List<Database> databases) {
        return Mono.defer(() -> servers.engine(databases.stream()
                .flatMap(database -> database.trees().stream())
                .toList()));
    }

    private Mono<List<Database>> databases(Map<String, List<Finding>> places) {
        return servers.databases()
                .doOnError(
                        SchemaException.class,
                        failure -> places.put(
                                source,
                                failure.problems().stream()
                                        .map(Examination::finding)
                                        .toList()))
                .doOnError(
                        failure -> failure instanceof SyncException && !(failure instanceof SchemaException),
                        failure -> places.put(source, List.of(Finding.problem("database", message(failure), ""))))
                .onErrorResume(SyncException.class, failure -> Mono.just(List.of()));
    }

    private static Finding finding(SchemaProblem problem) {
        return Finding.problem(problem.pointer(), problem.message(), "");
    }

    private static Mono<List<Finding>> source(Database database, Mono<List<Finding>> preflight) {
        return preflight.flatMap(
                findings -> and(findings, Flux.fromIterable(database.trees()).flatMapIterable(Examination::indexes)));
    }

    /**
     * What the server refuses. Nothing is asked if {@code before} has problems: if the role may not read a table, every
     * statement would fail for that reason again.
     */
    private Flux<Finding> statements(Database database, List<Finding> before) {
        return before.stream().anyMatch(finding -> finding.severity() == Finding.Severity.PROBLEM)
                ? Flux.empty()
                : servers.statements(database).map(Examination::finding);
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
    static List<Finding> missingIndexes(DocumentTree tree) {
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
