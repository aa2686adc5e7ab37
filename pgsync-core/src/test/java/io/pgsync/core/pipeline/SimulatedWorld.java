package io.pgsync.core.pipeline;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.BackfillRequests;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.SourceViews;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.pipeline.SimulatedSource.Transaction;
import io.pgsync.core.refusal.RefusedLimit;
import io.pgsync.core.tree.SchemaWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** One source, one index, and the process between them, on one thread and one clock; every duration is drawn from the seed. */
final class SimulatedWorld {
    final Random random;
    final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    final SimulatedSource source = new SimulatedSource(this);
    final SimulatedIndex index;
    final Optional<SimulatedLog> log;
    final List<String> violations = new ArrayList<>();
    private final Map<DocumentChange, Integer> snapshots = new IdentityHashMap<>();
    private Sinks.Empty<Void> stop = Sinks.empty();
    private Disposable process = () -> {};
    private boolean ended = true;

    /** {@code logged}: with a log between the affected roots and their documents. */
    SimulatedWorld(long seed, boolean logged) {
        random = new Random(seed);
        boolean repairs = random.nextBoolean();
        var initial = new SyncState(
                "shop",
                SimulatedIndex.UUID,
                SimulatedSource.IDENTITY,
                1,
                "f",
                BackfillProgress.start(repairs),
                Lsn.ZERO,
                List.of());
        index = new SimulatedIndex(this, initial, random.nextBoolean());
        if (repairs) {
            index.addOrphan("9");
        }
        log = logged ? Optional.of(new SimulatedLog(this)) : Optional.empty();
    }

    Duration time() {
        return Duration.ofMillis(random.nextInt(8));
    }

    /** Runs within so many milliseconds, whoever waits for it. */
    void later(int most, Runnable task) {
        timer.schedule(task, random.nextInt(most), MILLISECONDS);
    }

    void pass(int millis) {
        timer.advanceTimeBy(Duration.ofMillis(millis));
    }

    void check(boolean holds, String violation) {
        if (!holds) {
            violations.add(violation);
        }
    }

    DocumentChange readAt(int snapshot, DocumentChange change) {
        snapshots.put(change, snapshot);
        return change;
    }

    int snapshotOf(DocumentChange change) {
        return snapshots.get(change);
    }

    void start() {
        var settings = new PipelineSettings(
                new PipelineSettings.Window(1 + random.nextInt(6), 1 + random.nextInt(4)),
                new PipelineSettings.Batch(1 + random.nextInt(4), 1_000, 1 + random.nextInt(3)),
                new PipelineSettings.Load(1 + random.nextInt(4), 1 + random.nextInt(2)),
                4 + random.nextInt(8),
                Duration.ofMillis(5),
                RefusedLimit.STANDARD);
        stop = Sinks.empty();
        ended = false;
        process = new Synchronizer(
                        List.of(SimulatedTables.TREE),
                        new SourcePorts(source.open(), source, SourceViews.NONE, source, source, SchemaWatch.NONE),
                        new IndexPorts(index, index, index, (name, version, refused) -> Mono.empty()),
                        new PipelineContext(
                                settings, PipelineListener.NONE, timer, NothingLeft.ENDS, log.map(found -> found)))
                .run(stop.asMono())
                .doOnError(failure -> violations.add("failed: " + failure))
                .doOnTerminate(() -> ended = true)
                .subscribe(position -> {}, failure -> {});
    }

    void crash() {
        process.dispose();
    }

    /** Somebody asks for a load of the whole, or of a part; in vain when the whole is being loaded already. */
    void askForBackfill() {
        Optional<String> where = random.nextBoolean() ? Optional.of("true") : Optional.empty();
        new BackfillRequests(index, timer).ask("shop", where).subscribe(asked -> {}, failure -> {});
    }

    /** Somebody adds a document by hand, and it is asked for by its id beside others; for the whole if that is refused. */
    void askForRepair() {
        index.addOrphan("9");
        var requests = new BackfillRequests(index, timer);
        requests.askFor("shop", List.of("9", "1", "2"))
                .onErrorResume(SyncException.class, refused -> requests.ask("shop", Optional.empty()))
                .subscribe(asked -> {}, failure -> {});
    }

    void drain() {
        stop.tryEmitEmpty();
        for (int i = 0; i < 300 && !ended; i++) {
            pass(10);
        }
        check(ended, "did not drain");
    }

    /**
     * Nothing is confirmed before it is stored or refused, or waits in the log. A root that a later change affects as well may still be older: that change
     * may have hidden it from the look-ups of the earlier one, and will be read again.
     */
    void checkStoredUpTo(Lsn end) {
        for (Transaction transaction : source.log) {
            if (transaction.end.isAfter(end)) {
                continue;
            }
            check(transaction.isVisible, "confirmed before it was visible: " + transaction.end);
            for (String root : transaction.affected) {
                boolean read = index.handled.getOrDefault(root, -1) >= transaction.visibleSince;
                boolean waits = log.isPresent() && log.get().holds(root);
                check(
                        read || waits || isAffectedAfter(end, root),
                        "confirmed at " + end + " before " + root + " was stored");
            }
        }
        check(log.isPresent() || !end.isAfter(index.state().stored()), "confirmed before the state says so: " + end);
    }

    private boolean isAffectedAfter(Lsn end, String root) {
        return source.log.stream().anyMatch(t -> t.end.isAfter(end) && t.affected.contains(root));
    }

    /** To be called when all is quiet: the index against a rebuild. */
    void checkAgainstRebuild() {
        var documents = new TreeMap<String, String>();
        index.stored.forEach((id, entry) -> {
            if (entry.change() instanceof Upsert upsert) {
                documents.put(id, SimulatedDocuments.content(upsert));
            }
        });
        var rebuilt = new TreeMap<String, String>();
        var refused = new ArrayList<String>();
        source.visible.documents().forEach((id, document) -> {
            if (document.content().contains(SimulatedDocuments.POISON)) {
                refused.add(id);
                documents.remove(id);
            } else {
                rebuilt.put(id, document.content());
            }
        });
        check(documents.equals(rebuilt), "index  " + documents + "\n      source " + rebuilt);
        check(
                index.state().refused().equals(refused),
                "refused " + index.state().refused() + " not " + refused);
        check(index.state().backfill().isDone(), "the load has not ended");
        Lsn last = source.log.isEmpty() ? Lsn.ZERO : source.log.get(source.log.size() - 1).end;
        check(index.state().stored().equals(last), "stored " + index.state().stored() + " of " + last);
        check(source.confirmed().equals(last), "confirmed " + source.confirmed() + " of " + last);
    }
}
