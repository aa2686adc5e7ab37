package io.pgsync.runtime.source;

import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.schema.SchemaDocument;
import io.pgsync.core.tree.TreeBuilder.Built;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The documents whose states say that they are set aside, by schema-drift for example. That they do not fit their
 * tables is known, so at a start they stop no other document.
 */
public final class KnownDrifts {
    private final SyncStateStore states;

    public KnownDrifts(SyncStateStore states) {
        this.states = states;
    }

    /** Those of the documents that could not be built. */
    Mono<List<SchemaDocument>> among(Built built) {
        return Flux.fromIterable(built.unfit().keySet())
                .filterWhen(document -> contains(document.index()))
                .collectList();
    }

    public Mono<Boolean> contains(String index) {
        return find(index).map(Optional::isPresent);
    }

    /** Fails for an index that is set aside, with what to do about it; completes for any other. */
    public Mono<Void> refuse(String index) {
        return find(index)
                .flatMap(found -> found.<Mono<Void>>map(diverged -> Mono.error(
                                new SyncException(Remedy.STOP, diverged.advice(index, "pgsync backfill") + ".")))
                        .orElseGet(Mono::empty));
    }

    public Mono<Optional<Diverged>> find(String index) {
        return states.load(index)
                .map(found -> found.map(StoredState::state)
                        .flatMap(state -> state.isSetAside() ? state.diverged() : Optional.empty()));
    }
}
