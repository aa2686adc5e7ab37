package io.pgsync.core.pipeline;

import io.pgsync.core.affected.AffectedRoots;
import io.pgsync.core.affected.IndexSearches;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.InOrderAcknowledger.Part;
import io.pgsync.core.handover.PendingRoots;
import reactor.core.publisher.Mono;

/** Within the process: a root is read when a reader is free, and the source keeps its change until the document is stored. */
final class DirectHandover implements Handover {
    private final PendingRoots pending;
    private final DocumentWriter writer;
    private final Claim claim;
    private final IndexSearches searches;
    private final PipelineSettings.Batch settings;

    DirectHandover(
            PendingRoots pending,
            DocumentWriter writer,
            Claim claim,
            IndexSearches searches,
            PipelineSettings.Batch settings) {
        this.pending = pending;
        this.writer = writer;
        this.claim = claim;
        this.searches = searches;
        this.settings = settings;
    }

    @Override
    public Mono<Void> offer(Part part, Lsn change, AffectedRoots affected) {
        return pending.add(part, affected);
    }

    @Override
    public Mono<Void> store() {
        return pending.batches()
                // At the same time and in any order: each batch has the version of its read.
                .flatMap(batch -> writer.write(claim.tree(batch.index()), batch), settings.inFlight(), 1)
                .then();
    }

    @Override
    public IndexSearches searches() {
        return searches;
    }

    @Override
    public void close() {
        pending.close();
    }

    @Override
    public int waiting() {
        return pending.waiting();
    }
}
