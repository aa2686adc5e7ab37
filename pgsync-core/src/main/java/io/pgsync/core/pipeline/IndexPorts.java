package io.pgsync.core.pipeline;

import io.pgsync.core.affected.IndexKeyLookup;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.refusal.RefusalStore;
import io.pgsync.core.sink.DeadLetters;
import io.pgsync.core.sink.IndexOwnership;

/** What a pipeline needs of the engine. */
public record IndexPorts(
        IndexOwnership ownership,
        IndexKeyLookup keys,
        SyncStateStore states,
        DeadLetters deadLetters,
        RefusalStore refusals) {
    /** Without descriptions of refused documents. */
    public IndexPorts(IndexOwnership ownership, IndexKeyLookup keys, SyncStateStore states, DeadLetters deadLetters) {
        this(ownership, keys, states, deadLetters, RefusalStore.NONE);
    }
}
