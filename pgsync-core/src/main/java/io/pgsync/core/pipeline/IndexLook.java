package io.pgsync.core.pipeline;

import io.pgsync.core.checkpoint.Evidence;
import io.pgsync.core.checkpoint.Soundness;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.sink.IndexOwnership;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Looks whether an index is still the one that its state describes. */
record IndexLook(IndexOwnership indexes) {
    /** The divergence if it is not; empty if it is. The shards are looked at only if the index is the same. */
    Mono<Divergence> since(SyncState state) {
        return indexes.indexUuid(state.index())
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .flatMap(uuid -> Mono.justOrEmpty(Soundness.of(state, new Evidence.Index(uuid))))
                .switchIfEmpty(Mono.defer(() -> shards(state)));
    }

    private Mono<Divergence> shards(SyncState state) {
        return indexes.histories(state.index())
                .flatMap(now -> Mono.justOrEmpty(Soundness.of(state, new Evidence.Shards(now))));
    }
}
