package io.pgsync.cli.run;

import io.pgsync.cli.config.Settings;
import io.pgsync.cli.doctor.Diagnosis;
import io.pgsync.cli.explain.NeededIndex;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.schema.DocumentTree;
import io.pgsync.core.schema.SchemaException;
import io.pgsync.core.schema.SchemaProblem;
import io.pgsync.elasticsearch.EngineExamination;
import io.pgsync.replication.preflight.Preflight;
import io.pgsync.replication.query.StatementCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Examines both servers of a schema file, as far as they can be reached. Reads only; blocks. */
public final class DoctorRun {
    private final Settings settings;

    public DoctorRun(Settings settings) {
        this.settings = settings;
    }

    /** A server that cannot be reached, or a file that does not fit its database, is a finding like others. */
    public Diagnosis examine() {
        var diagnosis = new Diagnosis();
        try (var wiring = Wiring.of(settings)) {
            List<Database> databases = databases(wiring, diagnosis);
            for (Database database : databases) {
                String place = "PostgreSQL " + database.connections().settings().address();
                diagnosis.add(place, orFailure("connection", () -> source(database)));
            }
            List<String> indexes = databases.stream()
                    .flatMap(database -> database.trees().stream())
                    .map(DocumentTree::index)
                    .toList();
            diagnosis.add(
                    "Elasticsearch",
                    orFailure(
                            "connection",
                            () -> new EngineExamination(wiring.engine())
                                    .examine(indexes)
                                    .blockOptional()
                                    .orElseThrow()));
        }
        return diagnosis;
    }

    private List<Database> databases(Wiring wiring, Diagnosis diagnosis) {
        SchemaText schema = SchemaText.load(settings);
        try {
            return wiring.uncheckedDatabases(schema).blockOptional().orElseThrow();
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

    private static List<Finding> source(Database database) {
        var findings = new ArrayList<Finding>(new Preflight(database.connections())
                .examine(database.stream(), PublishedTables.of(database.trees()))
                .blockOptional()
                .orElseThrow());
        database.trees().forEach(tree -> indexes(tree, findings));
        // A role that may not read a table would only fail here once more.
        if (findings.stream().noneMatch(finding -> finding.severity() == Finding.Severity.PROBLEM)) {
            new StatementCheck(database.connections())
                    .problems(database.trees())
                    .collectList()
                    .blockOptional()
                    .orElseThrow()
                    .forEach(problem -> findings.add(finding(problem)));
        }
        return findings;
    }

    private static void indexes(DocumentTree tree, List<Finding> findings) {
        List<NeededIndex> missing =
                NeededIndex.of(tree).stream().filter(NeededIndex::isMissing).toList();
        missing.forEach(index -> findings.add(Finding.warning(
                "index on " + index,
                "missing: each look-up for \"" + tree.index() + "\" reads the whole table",
                index.statement())));
        if (missing.isEmpty()) {
            findings.add(Finding.fine("indexes for \"" + tree.index() + "\"", "all that its queries need"));
        }
    }

    private static List<Finding> orFailure(String subject, Supplier<List<Finding>> examination) {
        return Mono.fromSupplier(examination)
                .onErrorResume(
                        SyncException.class,
                        failure -> Mono.just(List.of(Finding.problem(subject, message(failure), ""))))
                .blockOptional()
                .orElseThrow();
    }

    private static String message(SyncException failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
