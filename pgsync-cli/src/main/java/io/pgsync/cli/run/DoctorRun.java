package io.pgsync.cli.run;

import io.pgsync.cli.config.Settings;
import io.pgsync.cli.doctor.Diagnosis;
import io.pgsync.cli.explain.NeededIndex;
import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.core.schema.SchemaException;
import io.pgsync.core.schema.SchemaProblem;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.EngineExamination;
import io.pgsync.elasticsearch.PlannedIndex;
import io.pgsync.replication.TableLockedException;
import io.pgsync.replication.preflight.Preflight;
import io.pgsync.replication.preflight.WantedTable;
import io.pgsync.replication.query.StatementCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Examines both servers of a schema file, as far as they can be reached. Reads only; blocks. */
public final class DoctorRun {
    private static final String ENGINE = "Elasticsearch";

    private final Settings settings;

    public DoctorRun(Settings settings) {
        this.settings = settings;
    }

    /** A server that cannot be reached, or a file that does not fit its database, is a finding like others. */
    public Diagnosis examine() {
        var diagnosis = new Diagnosis();
        try (var wiring = Wiring.of(RunConfigs.from(settings))) {
            SchemaText schema = SchemaText.load(settings);
            examine(wiring, schema, databases(wiring, schema, diagnosis), diagnosis);
        }
        return diagnosis;
    }

    /**
     * Only what must hold before anything is made: a slot that is to be made anew, or is missing, is no fault. Fails with RETRY where it is not
     * known now.
     */
    Diagnosis check(Wiring wiring, List<Database> databases, IdentityChoice choice) {
        var diagnosis = new Diagnosis();
        for (Database database : databases) {
            var preflight = new Preflight(database.connections());
            List<Finding> findings = source(
                    database, preflight.check(database.stream(), tables(database), choice.excused(names(database))));
            diagnosis.add(place(database), and(findings, statements(database, findings)));
        }
        diagnosis.add(ENGINE, engine(wiring, databases));
        return diagnosis;
    }

    private void examine(Wiring wiring, SchemaText schema, List<Database> databases, Diagnosis diagnosis) {
        Set<TableName> insertOnly = wiring.config().insertOnly();
        for (Database database : databases) {
            var preflight = new Preflight(database.connections());
            diagnosis.add(place(database), orFailure(() -> {
                List<Finding> findings =
                        source(database, preflight.examine(database.stream(), tables(database), insertOnly));
                return and(
                        findings,
                        statements(database, findings)
                                .onErrorResume(
                                        TableLockedException.class, locked -> Flux.just(locked.finding("queries"))));
            }));
        }
        diagnosis.add(ENGINE, orFailure(() -> engine(wiring, databases)));
        for (Database database : databases) {
            List<Finding> found = orFailure(() -> divergences(wiring, schema, database));
            if (!found.isEmpty()) {
                diagnosis.add("Documents of " + database.name(), found);
            }
        }
    }

    private static List<Finding> divergences(Wiring wiring, SchemaText schema, Database database) {
        return wiring.status(database, schema)
                .flatMap(status -> new DivergenceFindings(database, status, schema).all())
                .blockOptional()
                .orElseThrow();
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

    private List<Finding> engine(Wiring wiring, List<Database> databases) {
        MappingMode mode = wiring.config().mapping();
        List<PlannedIndex> indexes = databases.stream()
                .flatMap(database -> database.trees().stream())
                .map(tree -> Bootstrap.plan(tree, mode))
                .toList();
        return new EngineExamination(wiring.engine())
                .examine(indexes)
                .blockOptional()
                .orElseThrow();
    }

    private List<Database> databases(Wiring wiring, SchemaText schema, Diagnosis diagnosis) {
        try {
            return wiring.uncheckedDatabasesThatFit(schema).blockOptional().orElseThrow();
        } catch (SchemaException e) {
            diagnosis.add(
                    schema.source(),
                    e.problems().stream().map(DoctorRun::finding).toList());
        } catch (SyncException e) {
            diagnosis.add(schema.source(), List.of(Finding.problem("database", message(e), "")));
        }
        return List.of();
    }

    private static Finding finding(SchemaProblem problem) {
        return Finding.problem(problem.pointer(), problem.message(), "");
    }

    private static List<Finding> source(Database database, Mono<List<Finding>> preflight) {
        var findings = new ArrayList<Finding>(preflight.blockOptional().orElseThrow());
        database.trees().forEach(tree -> indexes(tree, findings));
        return findings;
    }

    /** What the server refuses; nothing where {@code before} has problems: a role that may not read a table would only fail once more. */
    private static Flux<Finding> statements(Database database, List<Finding> before) {
        return before.stream().anyMatch(finding -> finding.severity() == Finding.Severity.PROBLEM)
                ? Flux.empty()
                : new StatementCheck(database.connections())
                        .problems(database.trees())
                        .map(DoctorRun::finding);
    }

    private static List<Finding> and(List<Finding> findings, Flux<Finding> more) {
        return Flux.fromIterable(findings)
                .concatWith(more)
                .collectList()
                .blockOptional()
                .orElseThrow();
    }

    private static void indexes(DocumentTree tree, List<Finding> findings) {
        List<Finding> missing = missingIndexes(tree);
        findings.addAll(missing);
        if (missing.isEmpty()) {
            findings.add(Finding.fine("indexes for \"" + tree.index() + "\"", "all that its queries need"));
        }
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

    private static List<Finding> orFailure(Supplier<List<Finding>> examination) {
        return Mono.fromSupplier(examination)
                .onErrorResume(
                        SyncException.class,
                        failure -> Mono.just(List.of(Finding.problem("connection", message(failure), ""))))
                .blockOptional()
                .orElseThrow();
    }

    private static String message(SyncException failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
