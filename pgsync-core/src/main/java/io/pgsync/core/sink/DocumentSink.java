package io.pgsync.core.sink;

import reactor.core.publisher.Mono;

/** Port: stores documents in the search engine. */
public interface DocumentSink {
    /**
     * Writes a batch and completes when every change is stored, superseded, or rejected; a busy or absent engine is retried inside,
     * without end. When it completes, nothing of it is under way any more: a request that was never answered is shut out before. Fails
     * only when this writer must stop (another generation took over, the index is gone, no permission).
     * Concurrent calls are welcome: versions, not order, decide. After a cancellation the outcome is unknown.
     */
    Mono<WriteOutcome> write(WriteBatch batch);
}
