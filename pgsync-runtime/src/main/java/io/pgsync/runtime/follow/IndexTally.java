package io.pgsync.runtime.follow;

import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.runtime.report.LoadProgress;
import io.pgsync.runtime.report.RunFigures.IndexFigures;
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
    private volatile Load load = new Load(System.nanoTime(), 0, 0, BackfillProgress.DONE);

    IndexTally(String index, long expected) {
        this.index = index;
        this.expected = expected;
    }

    /** A load as this process sees it: where it began, how much was refused before, and where it is. */
    private record Load(long beganAt, long beganWith, long refusedBefore, BackfillProgress progress) {
        /** Another load begins, after the end of this one or in place of it. */
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
        refused.add(outcome.rejected().size());
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

    /** In what way it parts from its tables, if in any. True when that is news. */
    boolean diverges(Optional<Kind> now) {
        Optional<Kind> before = divergence;
        divergence = now;
        return !before.equals(now);
    }

    /** True when nobody has to wait for a load. */
    boolean isLoaded() {
        return isSetAside() || load.progress().isDone();
    }

    /** It is not followed, and its load does not go on. */
    boolean isSetAside() {
        return divergence.filter(kind -> !kind.isFollowed()).isPresent();
    }

    /** Empty when none is under way. */
    Optional<LoadProgress> load() {
        Load now = load;
        long documents = now.progress().documents();
        return isLoaded()
                ? Optional.empty()
                : Optional.of(new LoadProgress(
                        index, documents, documents - now.beganWith(), expectedOf(now.progress()), now.elapsed()));
    }

    /** Nobody counts the roots that match a condition. */
    private long expectedOf(BackfillProgress progress) {
        return progress.where().isPresent() ? 0 : expected;
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
                divergence);
    }
}
