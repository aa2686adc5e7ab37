package io.pgsync.runtime.verify;

import io.pgsync.core.audit.AuditProgress;
import io.pgsync.core.audit.AuditProgress.Round;
import io.pgsync.core.audit.AuditStore;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.runtime.report.VerifiedIndex.Counts;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Compares one index with its source part by part, round after round, and repairs what differs. Where it is, is kept
 * beside the state of the index, so a round goes on after a restart. One part at a time.
 */
final class Audit {
    private final DocumentTree tree;
    private final Sides sides;
    private final AuditStore store;
    private final AuditedRun run;
    private final AuditLog log;
    private final InstantSource clock;
    private volatile Optional<AuditProgress> known = Optional.empty();
    /** Where documents differ by themselves from read to read, one repair in a round is enough to show it. */
    private volatile boolean isRepairInVain;

    Audit(DocumentTree tree, Sides sides, AuditStore store, AuditedRun run, AuditLog log, InstantSource clock) {
        this.tree = tree;
        this.sides = sides;
        this.store = store;
        this.run = run;
        this.log = log;
        this.clock = clock;
    }

    /** Compares about so many documents more, and gives what was found. A part that fails is compared again. */
    Mono<Counts> part(int documents) {
        return sides.comparable()
                .flatMap(state -> before(state)
                        .flatMap(progress -> sides.form().flatMap(form -> {
                            var comparison = new Comparison(sides, form);
                            var tally = new Tally();
                            return new AuditPart(tree, sides, comparison, tally)
                                    .at(progress.place(), documents)
                                    .delayUntil(look -> decided(look, comparison, progress, tally))
                                    .map(look -> progress.at(
                                            look.behind(), state.stored(), with(progress.round(), tally.counts())))
                                    .flatMap(next -> noted(next, tally.counts()));
                        })));
    }

    /** The next round begins with its first part. */
    private Mono<AuditProgress> before(SyncState state) {
        return kept().flatMap(found -> {
            Optional<AuditProgress> fitting =
                    found.filter(progress -> progress.isOf(state.indexUuid(), state.schemaFingerprint()));
            return fitting.filter(progress -> !progress.place().isEnd())
                    .map(Mono::just)
                    .orElseGet(() -> sides.lastWrite().map(last -> nextRound(state, fitting, last)));
        });
    }

    private Mono<Optional<AuditProgress>> kept() {
        return known.isPresent() ? Mono.just(known) : store.load(tree.index());
    }

    private AuditProgress nextRound(SyncState state, Optional<AuditProgress> before, long lastWrite) {
        isRepairInVain = false;
        Instant now = clock.instant();
        return before.map(progress -> progress.nextRound(lastWrite, now))
                .orElseGet(() -> AuditProgress.start(state.indexUuid(), state.schemaFingerprint(), lastWrite, now));
    }

    private Mono<Void> decided(AuditPart.Look look, Comparison comparison, AuditProgress progress, Tally tally) {
        var confirmation = new Confirmation(tree, sides, comparison);
        return Flux.fromIterable(look.suspects())
                .buffer(Mending.SUSPECTS)
                .concatMap(confirmation::of, 1)
                .doOnNext(tally::confirmed)
                .doOnComplete(() -> log.found(progress.round(), tally.differences()))
                .then(Mono.defer(() -> mended(new Mending(sides, confirmation), progress, tally)));
    }

    private Mono<Void> mended(Mending mending, AuditProgress progress, Tally tally) {
        List<Suspect> differing = tally.repairable();
        long all = progress.round().differing() + tally.counts().differing();
        if (differing.isEmpty() || isRepairInVain || all > Tally.MOST_REPAIRED) {
            return Mono.empty();
        }
        return mending.of(differing).doOnNext(tally::repaired).then(Mono.fromRunnable(() -> {
            isRepairInVain = tally.counts().repaired() == 0;
            log.repaired(tally.counts());
        }));
    }

    private Round with(Round round, Counts found) {
        return round.plus(clock.instant(), found.compared(), found.differing(), found.repaired(), found.undecided());
    }

    private Mono<Counts> noted(AuditProgress next, Counts found) {
        return store.store(tree.index(), next).then(Mono.fromSupplier(() -> {
            known = Optional.of(next);
            run.audited(tree.index(), found, next);
            if (next.place().isEnd()) {
                log.ended(next);
            }
            return found;
        }));
    }
}
