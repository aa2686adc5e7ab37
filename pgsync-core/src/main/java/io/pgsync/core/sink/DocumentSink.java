package io.pgsync.core.sink;

import reactor.core.publisher.Mono;

/** Port: stores documents in the search engine. */
public interface DocumentSink {
    /**
     * Writes a batch and completes when every change is stored, superseded or refused. If the engine is busy or away,
     * it retries without limit. When it completes, no request of this batch is under way: one that was never answered
     * has been fenced off. Fails only if this writer must stop (another generation took over, the index is gone, a
     * right is missing). Concurrent calls are welcome, because versions decide and not order. After a cancellation the
     * outcome is unknown.
     */
    Mono<WriteOutcome> write(WriteBatch batch);
}
