package io.pgsync.cli.run;

import io.pgsync.cli.console.LoadProgress;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.pipeline.PipelineListener;
import io.pgsync.core.sink.WriteOutcome;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what the pipeline of one database does, and puts it into one line whenever asked. Safe from any thread. */
final class RunReport implements PipelineListener {
    private static final Logger log = LoggerFactory.getLogger(RunReport.class);

    private final String database;
    private final Map<String, Long> expected;
    private final Map<String, Load> loads = new ConcurrentHashMap<>();
    private final LongAdder changes = new LongAdder();
    private final LongAdder documents = new LongAdder();
    private volatile Lsn position = Lsn.ZERO;

    /** {@code expected}: about how many documents each index will have. */
    RunReport(String database, Map<String, Long> expected) {
        this.database = database;
        this.expected = Map.copyOf(expected);
    }

    /** A load as this process sees it: where it began, and where it is. */
    private record Load(long beganAt, long beganWith, BackfillProgress progress) {
        Load at(BackfillProgress next) {
            return new Load(beganAt, beganWith, next);
        }

        long storedHere() {
            return progress.documents() - beganWith;
        }

        Duration elapsed() {
            return Duration.ofNanos(System.nanoTime() - beganAt);
        }
    }

    @Override
    public void started(long generation, Lsn from) {
        position = from;
        log.info("Database {} is followed from {} as generation {}", database, from, generation);
    }

    @Override
    public void received(int more) {
        changes.add(more);
    }

    @Override
    public void written(String index, WriteOutcome outcome) {
        documents.add(outcome.stored());
        outcome.rejected().stream()
                .limit(1)
                .forEach(first -> log.warn(
                        "Index {} refused {} of the documents just sent, first {}: {}",
                        index,
                        outcome.rejected().size(),
                        first.change().id(),
                        first.reason()));
    }

    @Override
    public void loaded(String index, BackfillProgress progress) {
        Load load = loads.compute(
                index, (name, known) -> known == null ? new Load(System.nanoTime(), 0, progress) : known.at(progress));
        if (progress.isDone()) {
            log.info(
                    "Index {} is loaded: {} documents in {} s",
                    index,
                    progress.documents(),
                    "%.1f".formatted(load.elapsed().toMillis() / 1e3));
        }
    }

    /** To be told before the run where the load of an index stands. */
    void resumes(String index, BackfillProgress progress) {
        if (!progress.isDone()) {
            loads.put(index, new Load(System.nanoTime(), progress.documents(), progress));
        }
    }

    @Override
    public void acknowledged(Lsn reached) {
        position = reached;
    }

    @Override
    public void retrying(SyncException failure) {
        log.warn("{} Trying again.", failure.getMessage());
    }

    /** True when every load is over. */
    boolean isLoaded() {
        return loads.values().stream().allMatch(load -> load.progress().isDone());
    }

    /** True when everything up to {@code target} is stored and confirmed. */
    boolean hasReached(Lsn target) {
        return !target.isAfter(position);
    }

    /** The load that is under way; empty when there is none. */
    Optional<String> loadLine() {
        return loads.entrySet().stream()
                .filter(entry -> !entry.getValue().progress().isDone())
                .findFirst()
                .map(entry -> progress(entry.getKey(), entry.getValue()).render());
    }

    String statusLine(boolean withCommas) {
        String form = withCommas
                ? "Sync %s: changes [%,d] => documents [%,d] at %s"
                : "Sync %s: changes [%d] => documents [%d] at %s";
        return String.format(Locale.ROOT, form, database, changes.sum(), documents.sum(), position);
    }

    private LoadProgress progress(String index, Load load) {
        return new LoadProgress(
                index,
                load.progress().documents(),
                load.storedHere(),
                expected.getOrDefault(index, 0L),
                load.elapsed());
    }
}
