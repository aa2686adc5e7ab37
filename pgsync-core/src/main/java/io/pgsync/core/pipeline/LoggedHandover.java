package io.pgsync.core.pipeline;

import io.pgsync.core.affected.AffectedRoots;
import io.pgsync.core.affected.IndexSearches;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.affected.StoredSearches;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.checkpoint.InOrderAcknowledger.Part;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.handover.LogLossException;
import io.pgsync.core.handover.OwnedWorkLog;
import io.pgsync.core.handover.PendingRoots;
import io.pgsync.core.handover.RootBatch;
import io.pgsync.core.handover.RootWork;
import io.pgsync.core.handover.TakenRoot;
import io.pgsync.core.version.ReadVersions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Through a log of work: the source is free as soon as the log has a root, and the log as soon as its document is stored. The version of a root is
 * taken when it goes into the log, behind the fence of its change; it is read when it comes out, so that the read shows at least that change.
 *
 * <pre>{@code
 *  affected roots ── versions ──►  log  ──► waiting, each root once ──► batches ──► stored ──► done with the log
 *                                   │
 *                                   └──► done with the source
 * }</pre>
 */
final class LoggedHandover implements Handover {
    private final OwnedWorkLog log;
    private final PendingRoots pending;
    private final DocumentWriter writer;
    private final Claim claim;
    private final Map<String, DocumentIds> ids;
    private final ReadVersions versions;
    private final PipelineSettings.Batch settings;
    private final StoredSearches searches;
    private final Scheduler timer;
    private final Mono<Void> refusalsRecorded;
    private final Sinks.Empty<Void> closed = Sinks.empty();

    /** {@code refusalsRecorded} completes when everything that was refused before its subscription is on record. */
    LoggedHandover(
            OwnedWorkLog log,
            PendingRoots pending,
            DocumentWriter writer,
            Claim claim,
            ReadVersions versions,
            PipelineSettings.Batch settings,
            StoredSearches searches,
            Scheduler timer,
            Mono<Void> refusalsRecorded) {
        this.log = log;
        this.pending = pending;
        this.writer = writer;
        this.claim = claim;
        this.ids = claim.ids();
        this.versions = versions;
        this.settings = settings;
        this.searches = searches;
        this.timer = timer;
        this.refusalsRecorded = refusalsRecorded;
    }

    /** The part waits for this itself, so it need not be told of each root. */
    @Override
    public Mono<Void> offer(Part part, Lsn change, AffectedRoots affected) {
        return append(change, affected);
    }

    private Mono<Void> append(Lsn change, AffectedRoots affected) {
        return Mono.defer(() -> log.append(affected.roots().stream()
                .map(root -> work(root, change, affected.many()))
                .toList()));
    }

    private RootWork work(RootKey root, Lsn change, boolean many) {
        DocumentIds of = Objects.requireNonNull(ids.get(root.index()));
        return new RootWork(root, of.shownIdOf(root), versions.next(), many, change);
    }

    @Override
    public Mono<Void> store() {
        Mono<Void> taking = Mono.when(take(false), take(true)).then(Mono.fromRunnable(pending::close));
        Mono<Void> searching = new LoggedSearches(searches, ids.keySet(), settings, timer)
                .perform(log.searches(), this::append)
                .takeUntilOther(closed.asMono());
        return Mono.when(taking, storeTaken(), searching)
                .takeUntilOther(log.keep().onErrorMap(LogLossException.class, this::gaps));
    }

    private Mono<Void> take(boolean many) {
        return log.taken(many)
                .onErrorMap(LogLossException.class, this::gaps)
                .concatMap(taken -> waiting(taken, many), 1)
                .then();
    }

    /** Nobody knows which roots are missing, so every index may lack some. */
    private DivergenceException gaps(LogLossException loss) {
        return new DivergenceException(ids.keySet().stream()
                .map(index -> new Divergence(Kind.GAP, index, loss.what()))
                .toList());
    }

    /** What belongs to no document of this run is done: its index is set aside and will be loaded, or is in the schema file no more. */
    private Mono<Void> waiting(List<TakenRoot> taken, boolean many) {
        Map<Boolean, List<TakenRoot>> ours = taken.stream()
                .collect(Collectors.partitioningBy(
                        one -> ids.containsKey(one.root().index())));
        Objects.requireNonNull(ours.get(false)).forEach(TakenRoot::done);
        return pending.add(Objects.requireNonNull(ours.get(true)), many);
    }

    private Mono<Void> storeTaken() {
        return pending.batches()
                // At the same time and in any order: each root has its version.
                .flatMap(this::store, settings.inFlight(), 1)
                .then();
    }

    private Mono<Void> store(RootBatch batch) {
        return writer.writeLogged(claim.tree(batch.index()), batch)
                // The log forgets it then, and so only the record could tell that the engine's document is older.
                .flatMap(settled -> settled.refused() > 0 ? refusalsRecorded : Mono.empty())
                .then(Mono.fromRunnable(batch::stored));
    }

    /** They wait in the log as the roots do, so the source is free before they are done. */
    @Override
    public IndexSearches searches() {
        return search -> log.append(search).thenMany(Flux.empty());
    }

    @Override
    public void close() {
        log.endTaking();
        closed.tryEmitEmpty();
    }

    @Override
    public int waiting() {
        return pending.waiting();
    }
}
