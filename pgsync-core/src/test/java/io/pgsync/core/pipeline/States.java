package io.pgsync.core.pipeline;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeSource;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.checkpoint.StatesInMemory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** States in memory, and a slot that tells with them in which order they were written. */
final class States extends StatesInMemory {
    static final SourceIdentity IDENTITY = SOURCE;

    /** A source that is confirmed up to {@code confirmed} and gives {@code changes}. */
    ChangeSource source(long confirmed, Flux<ChangeEvent> changes) {
        return new ChangeSource() {
            @Override
            public SourcePosition position() {
                return new SourcePosition(IDENTITY, new Lsn(confirmed), new Lsn(Long.MAX_VALUE));
            }

            @Override
            public Flux<ChangeEvent> changes() {
                return changes;
            }

            @Override
            public Mono<Void> acknowledge(Lsn end) {
                return Mono.fromRunnable(() -> written.add("slot " + end));
            }

            @Override
            public Mono<Void> close() {
                return Mono.fromRunnable(() -> written.add("closed"));
            }
        };
    }
}
