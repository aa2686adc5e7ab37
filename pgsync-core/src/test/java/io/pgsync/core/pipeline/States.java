package io.pgsync.core.pipeline;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.checkpoint.StatesInMemory;
import reactor.core.publisher.Flux;

/** States in memory, and a slot that tells with them in which order they were written. */
final class States extends StatesInMemory {
    static final SourceIdentity IDENTITY = SOURCE;

    /** A source that is confirmed up to {@code confirmed} and gives {@code changes}. */
    SlotInMemory source(long confirmed, Flux<ChangeEvent> changes) {
        return new SlotInMemory(written, new Lsn(confirmed), changes);
    }
}
