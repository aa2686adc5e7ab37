package io.pgsync.core.pipeline;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeSource;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.change.SourcePosition;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Replaces a log that is lost, if no followed document needs it. */
final class NoChanges implements ChangeSource {
    private static final SourcePosition NOWHERE =
            new SourcePosition(new SourceIdentity("", 0, "", ""), Lsn.ZERO, Lsn.ZERO);

    @Override
    public SourcePosition position() {
        return NOWHERE;
    }

    @Override
    public Flux<ChangeEvent> changes() {
        return Flux.never();
    }

    @Override
    public Mono<Void> acknowledge(Lsn end) {
        return Mono.empty();
    }

    @Override
    public Mono<Void> close() {
        return Mono.empty();
    }
}
