package io.pgsync.runtime.verify;

import io.pgsync.core.tree.DocumentTree;
import io.pgsync.runtime.config.AuditRate;
import io.pgsync.runtime.report.VerifiedIndex.Counts;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Resources;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Audits the indexes of one database while it is followed: a part of one index at a time, so that it never needs more
 * than one connection. It never fails; what fails is told, and tried again.
 */
public final class Audits {
    /** An index that is loaded or set aside is left alone; whether it still is costs no question to a server. */
    static final Duration REST = Duration.ofSeconds(10);
    /** After a failure. Also after a repair, for which the run starts over. */
    static final Duration BREAK = Duration.ofMinutes(1);

    private final List<Turn> turns = new ArrayList<>();
    private final AuditRate rate;
    private final AuditedRun run;
    private final Scheduler timer;

    Audits(AuditRate rate, AuditedRun run, Scheduler timer) {
        this.rate = rate;
        this.run = run;
        this.timer = timer;
    }

    /** The audits that the configuration asks for; there may be none. */
    public static Audits of(Resources resources, Database database, AuditedRun run) {
        var audits = new Audits(resources.config().audit(), run, resources.timer());
        database.trees().forEach(tree -> audits.add(tree, OpenSides.of(resources, database, tree), resources));
        return audits;
    }

    private void add(DocumentTree tree, Sides sides, Resources resources) {
        var log = new AuditLog(tree.index(), resources.config().schema().repair());
        add(tree, sides, new Audit(tree, sides, resources.audits(), run, log, this::now), log);
    }

    void add(DocumentTree tree, Sides sides, Audit audit, AuditLog log) {
        turns.add(new Turn(tree, sides, audit, log));
    }

    /** Until {@code stop} signals; a part that is under way is then given up. Completes at once if there is nothing to do. */
    public Mono<Void> run(Mono<Void> stop) {
        return rate.isOff() || turns.isEmpty()
                ? Mono.empty()
                : Mono.defer(this::next).repeat().takeUntilOther(stop).then();
    }

    private Mono<Void> next() {
        Turn turn = turns.stream().min(Comparator.comparing(Turn::due)).orElseThrow();
        Duration left = Duration.between(now(), turn.due());
        return Mono.delay(left.isNegative() ? Duration.ZERO : left, timer).then(Mono.defer(turn::take));
    }

    private Instant now() {
        return Instant.ofEpochMilli(timer.now(TimeUnit.MILLISECONDS));
    }

    /** The turn of one index, again and again. */
    private final class Turn {
        private final DocumentTree tree;
        private final Sides sides;
        private final Audit audit;
        private final AuditLog log;
        private volatile Instant due = now();

        Turn(DocumentTree tree, Sides sides, Audit audit, AuditLog log) {
            this.tree = tree;
            this.sides = sides;
            this.audit = audit;
            this.log = log;
        }

        Instant due() {
            return due;
        }

        Mono<Void> take() {
            if (!run.isSound(tree.index())) {
                due = now().plus(REST);
                return Mono.empty();
            }
            return Mono.defer(() -> sides.source().estimatedRoots(tree))
                    .map(roots -> AuditRhythm.of(rate, roots))
                    .flatMap(rhythm -> audit.part(rhythm.documents()).doOnNext(found -> taken(rhythm, found)))
                    .then()
                    .onErrorResume(failure -> {
                        failed(failure);
                        return Mono.empty();
                    });
        }

        private void taken(AuditRhythm rhythm, Counts found) {
            boolean isRepaired = found.repaired() > 0 && rhythm.pause().compareTo(BREAK) < 0;
            due = now().plus(isRepaired ? BREAK : rhythm.pause());
            log.goesOn();
        }

        /** If a load or a fault has overtaken the part, there is nothing to tell that is not told already. */
        private void failed(Throwable failure) {
            due = now().plus(BREAK);
            if (run.isSound(tree.index())) {
                log.failed(failure);
            }
        }
    }
}
