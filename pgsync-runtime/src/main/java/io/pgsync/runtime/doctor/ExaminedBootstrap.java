package io.pgsync.runtime.doctor;

import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.runtime.plan.Plans;
import io.pgsync.runtime.report.Diagnosis;
import io.pgsync.runtime.setup.Bootstrap;
import io.pgsync.runtime.setup.SourceChoice;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Resources;
import io.pgsync.runtime.source.SlotOwnership;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Examines both servers once, and creates nothing before both are ready. */
public final class ExaminedBootstrap {
    private static final Logger log = LoggerFactory.getLogger(ExaminedBootstrap.class);

    private final Resources resources;
    private final SourceChoice choice;

    public ExaminedBootstrap(Resources resources, SourceChoice choice) {
        this.resources = resources;
        this.choice = choice;
    }

    /** Fails with the list of everything to correct. */
    public Mono<Void> run() {
        return resources
                .databases()
                .unchecked()
                .delayUntil(databases -> resources.engine().check())
                .flatMap(this::claimed)
                .flatMap(databases -> {
                    var bootstrap = new Bootstrap(resources, choice);
                    return bootstrap
                            .noteWhatOthersLeaveOut(databases)
                            .then(new Examination(resources)
                                    .check(databases, choice)
                                    .doOnNext(ExaminedBootstrap::require))
                            .thenMany(Flux.fromIterable(databases))
                            .concatMap(new Plans(resources)::makeInPlace)
                            .then(Mono.defer(() -> bootstrap.make(databases)));
                });
    }

    /**
     * Each database with the slot and the publication of this schema file. Other files may have theirs in the same
     * database.
     */
    private Mono<List<Database>> claimed(List<Database> databases) {
        var ownership = new SlotOwnership(resources.config().names(), resources.states());
        return Flux.fromIterable(databases).concatMap(ownership::claim).collectList();
    }

    /** Fails with all problems together; logs the warnings about databases. */
    private static void require(Diagnosis diagnosis) {
        diagnosis.requireNoProblem();
        diagnosis
                .sources()
                .filter(finding -> finding.severity() == Severity.WARNING)
                .distinct()
                .forEach(warning -> log.warn("{}", warning));
    }
}
