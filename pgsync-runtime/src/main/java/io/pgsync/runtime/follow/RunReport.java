package io.pgsync.runtime.follow;

import io.pgsync.core.audit.AuditProgress;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.BackfillRequestedException;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.pipeline.PipelineListener;
import io.pgsync.core.pipeline.PipelineProgress;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.report.LoadProgress;
import io.pgsync.runtime.report.RunFigures;
import io.pgsync.runtime.report.RunFigures.IndexFigures;
import io.pgsync.runtime.report.VerifiedIndex.Counts;
import io.pgsync.runtime.report.WalStatus;
import io.pgsync.runtime.source.ReadTally;
import io.pgsync.runtime.verify.AuditedRun;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Counts what the pipeline of one database does, and gives the figures on request. Safe from any thread. */
final class RunReport implements PipelineListener, AuditedRun {
    private static final Logger log = LoggerFactory.getLogger(RunReport.class);
    private static final PipelineProgress NOTHING = new PipelineProgress(Optional.empty(), 0, 0);

    private final String database;
    private final RepairCommand repair;
    private final Map<String, IndexTally> indexes;
    private final LongAdder changes = new LongAdder();
    private final LongAdder documents = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final RecentRate rate = new RecentRate(System::nanoTime);
    private final AtomicLong stored = new AtomicLong();
    private final ReadTally reads = new ReadTally();
    private final Outage outage = new Outage(InstantSource.system());
    private volatile Lsn confirmed = Lsn.ZERO;
    private volatile boolean following;
    private volatile boolean withoutLog;
    private volatile PipelineProgress progress = NOTHING;
    private volatile Supplier<Optional<WalStatus>> wal = Optional::empty;
    private volatile Consumer<Lsn> waiting = position -> {};
    private volatile Consumer<Lsn> begins = position -> {};

    /**
     * {@code expected}: the estimated number of documents of each index; {@code repair}: the command to advise if a
     * load repairs an index.
     */
    RunReport(String database, Map<String, Long> expected, RepairCommand repair) {
        this.database = database;
        this.repair = repair;
        this.indexes = new ConcurrentHashMap<>();
        expected.forEach((index, count) -> indexes.put(index, new IndexTally(index, count)));
    }

    /**
     * Sets, before the run, where the figures of the slot come from, who is told of every stored position, and who of the first one of
     * another log.
     */
    void connect(Supplier<Optional<WalStatus>> slot, Consumer<Lsn> positions, Consumer<Lsn> anew) {
        wal = slot;
        waiting = positions;
        begins = anew;
    }

    @Override
    public void handedOn(SourceIdentity source, Lsn position) {
        stored.set(position.value());
        begins.accept(position);
        log.warn(
                "Database {} is followed on timeline {} now: a standby was promoted. Its log goes on from {}; it may lack the last commits of"
                        + " the former primary, so all documents are loaded again beside it",
                database,
                source.timeline(),
                position);
    }

    @Override
    public void started(long generation, Lsn from) {
        following = true;
        outage.over();
        confirmed = from;
        advance(from);
        if (!isIdle()) {
            log.info("Database {} is followed from {} as generation {}", database, from, generation);
        }
    }

    @Override
    public void received(int more) {
        changes.add(more);
    }

    @Override
    public void written(String index, WriteOutcome outcome) {
        documents.add(outcome.stored());
        tally(index).written(outcome);
        outcome.refused().stream()
                .limit(1)
                .forEach(first -> log.warn(
                        "Index {} refused {} of the documents just sent, first {}: {}",
                        index,
                        outcome.refused().size(),
                        first.change().id(),
                        RefusalText.of(first)));
    }

    @Override
    public void loaded(String index, BackfillProgress now) {
        tally(index).loaded(now);
    }

    /** Tells, before the run, where the load of an index stands. */
    void resumes(String index, BackfillProgress now) {
        tally(index).resumes(now);
    }

    @Override
    public void stored(Lsn position) {
        advance(position);
    }

    @Override
    public void progressed(PipelineProgress now) {
        progress = now;
    }

    @Override
    public void acknowledged(Lsn reached) {
        confirmed = reached;
    }

    @Override
    public void diverged(String index, Optional<Diverged> found) {
        if (tally(index).diverges(found.map(Diverged::kind))) {
            found.ifPresentOrElse(
                    known -> log.error("{}", known.advice(index, repair.of(List.of(index)))),
                    () -> log.info("Index {} is loaded again: what was wrong with it is being written again", index));
        }
    }

    @Override
    public void withoutLog(SyncException failure) {
        withoutLog = true;
        log.error("{} No document of database {} is followed: the others go on.", failure.getMessage(), database);
    }

    @Override
    public void retrying(SyncException failure) {
        following = false;
        withoutLog = false;
        progress = NOTHING;
        retries.increment();
        if (failure instanceof BackfillRequestedException || failure instanceof DivergenceException) {
            log.info("{}", failure.getMessage());
        } else {
            Level level = outage.failed() ? Level.WARN : Level.DEBUG;
            log.atLevel(level).log("{} Trying again.", failure.getMessage());
        }
    }

    @Override
    public boolean isSound(String index) {
        return following && !withoutLog && tally(index).isSound();
    }

    @Override
    public void audited(String index, Counts found, AuditProgress now) {
        tally(index).audited(found, now);
    }

    /** Counts the documents that are read for this run. */
    ReadTally reads() {
        return reads;
    }

    /** True if every load is over. */
    boolean isLoaded() {
        return indexes.values().stream().allMatch(IndexTally::isLoaded);
    }

    /** True if everything up to {@code target} is stored and confirmed, or if there is no slot to confirm it to. */
    boolean hasReached(Lsn target) {
        return withoutLog || !target.isAfter(confirmed);
    }

    private boolean isIdle() {
        return indexes.values().stream().allMatch(IndexTally::isSetAside);
    }

    /** The load that is under way; empty if there is none. */
    Optional<LoadProgress> load() {
        return indexes.values().stream().flatMap(index -> index.load().stream()).findFirst();
    }

    /** Those of all indexes. */
    Stream<Kind> divergences() {
        return indexes.values().stream().flatMap(index -> index.figures().divergence().stream());
    }

    RunFigures figures() {
        PipelineProgress now = progress;
        Duration underWay = now.openParts() == 0
                ? Duration.ZERO
                : now.committedAt().map(RunReport::since).orElse(Duration.ZERO);
        // During an outage, new commits are not even read.
        Duration behind = outage.lasts().orElse(underWay);
        return new RunFigures(
                database,
                following,
                changes.sum(),
                rate.of(documents.sum()),
                new Lsn(stored.get()),
                behind,
                now.waitingRoots(),
                retries.sum(),
                reads.figures(),
                indexFigures(),
                wal.get(),
                now.log());
    }

    private Map<String, IndexFigures> indexFigures() {
        return indexes.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().figures()));
    }

    private IndexTally tally(String index) {
        return indexes.computeIfAbsent(index, name -> new IndexTally(name, 0));
    }

    private void advance(Lsn position) {
        stored.accumulateAndGet(
                position.value(), (known, reached) -> Long.compareUnsigned(reached, known) > 0 ? reached : known);
        waiting.accept(position);
    }

    /** Never negative: the clock of the source may be ahead of ours. */
    private static Duration since(Instant moment) {
        Duration passed = Duration.between(moment, Instant.now());
        return passed.isNegative() ? Duration.ZERO : passed;
    }
}
