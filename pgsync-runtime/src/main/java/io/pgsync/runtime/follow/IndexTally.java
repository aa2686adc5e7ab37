package io.pgsync.runtime.follow;

import io.pgsync.core.audit.AuditProgress;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.runtime.report.AuditStatus;
import io.pgsync.runtime.report.LoadProgress;
import io.pgsync.runtime.report.RunFigures.IndexFigures;
import io.pgsync.runtime.report.VerifiedIndex.Counts;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what happens to one index. Safe from any thread. */
final class IndexTally {
    private static final Logger log = LoggerFactory.getLogger(RunReport.class);

    private final String index;
    private final long expected;
    private final LongAdder stored = new LongAdder();
    private final LongAdder superseded = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile Optional<Kind> divergence = Optional.empty();
    private volatile Counts audited = Counts.NONE;
    private volatile Optional<AuditProgress> audit = Optional.empty();
    private volatile Load load = new Load(System.nanoTime(), 0, 0, BackfillProgress.DONE);

    IndexTally(String index, long expected) {
        this.index = index;
        this.expected = expected;
    }

    /**
     * A load as this process sees it: when it began and with how many documents, how many were refused before, and how
     * far it is.
     */
    private record Load(long beganAt, long beganWith, long refusedBefore, BackfillProgress progress) {
        /** True if {@code next} is of another load, which begins after the end of this one or replaces it. */
        boolean isFollowedBy(BackfillProgress next) {
            return !next.isDone() && (progress.isDone() || next.documents() < progress.documents());
        }

        Load at(BackfillProgress next) {
            return new Load(beganAt, beganWith, refusedBefore, next);
        }

        Duration elapsed() {
            return Duration.ofNanos(System.nanoTime() - beganAt);
        }
    }

    void written(WriteOutcome outcome) {
        stored.add(outcome.stored());
        superseded.add(outcome.superseded());
        refused.add(outcome.refused().size());
    }

    void resumes(BackfillProgress progress) {
        load = begun(progress);
    }

    private Load begun(BackfillProgress progress) {
        return new Load(System.nanoTime(), progress.documents(), refused.sum(), progress);
    }

    void loaded(BackfillProgress progress) {
        Load known = load;
        Load now = known.isFollowedBy(progress) ? begun(progress) : known.at(progress);
        load = now;
        if (progress.refusal().isPresent()) {
            log.warn(
                    "The load of index {} ends early, its condition is refused: {}",
                    index,
                    progress.refusal().get());
        } else if (progress.isDone()) {
            ended(now);
        }
    }

    private void ended(Load ended) {
        log.info(
                "Index {} is loaded: {} documents in {} s",
                index,
                ended.progress().documents(),
                "%.1f".formatted(ended.elapsed().toMillis() / 1e3));
        long refusedSince = refused.sum() - ended.refusedBefore();
        if (refusedSince > 0) {
            log.warn(
                    "Index {}: {} documents were refused since its load began. The dead letter file has the reasons",
                    index,
                    refusedSince);
        }
    }

    /** Sets the divergence of the index, if there is one. True if that is news. */
    boolean diverges(Optional<Kind> now) {
        Optional<Kind> before = divergence;
        divergence = now;
        return !before.equals(now);
    }

    /** True if there is no load to wait for. */
    boolean isLoaded() {
        return isSetAside() || load.progress().isDone();
    }

    /** True if the index is not followed, and its load does not go on. */
    boolean isSetAside() {
        return divergence.filter(kind -> !kind.isFollowed()).isPresent();
    }

    /** True if it is followed, loaded and not known to differ. */
    boolean isSound() {
        return divergence.isEmpty() && load.progress().isDone();
    }

    /** One part of the audit after the other. */
    void audited(Counts found, AuditProgress now) {
        audited = audited.plus(found);
        audit = Optional.of(now);
    }

    /** Empty if no load is under way. */
    Optional<LoadProgress> load() {
        Load now = load;
        long documents = now.progress().documents();
        return isLoaded()
                ? Optional.empty()
                : Optional.of(new LoadProgress(
                        index, documents, documents - now.beganWith(), expectedOf(now.progress()), now.elapsed()));
    }

    /** 0 for a part, which nobody counts. */
    private long expectedOf(BackfillProgress progress) {
        return progress.isPart() ? 0 : expected;
    }

    IndexFigures figures() {
        BackfillProgress progress = load.progress();
        return new IndexFigures(
                stored.sum(),
                superseded.sum(),
                refused.sum(),
                progress.documents(),
                expected,
                progress.isDone(),
                divergence,
                audited,
                audit.map(now -> AuditStatus.of(now, expected)));
    }
}
