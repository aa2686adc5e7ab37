package io.pgsync.core.checkpoint;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import java.util.List;

/**
 * What is known of one index, kept beside the data it describes.
 *
 * @param index the index's name
 * @param indexUuid the engine's identifier of the index; another one means it was deleted or replaced
 * @param source the cluster and slot it follows
 * @param generation the writer that owns the index; greater ones win
 * @param schemaFingerprint of the document's definition as it was loaded
 * @param stored every change up to here is stored or recorded as refused
 * @param refused ids of documents that the engine refused and that are not stored since
 */
public record SyncState(
        String index,
        String indexUuid,
        SourceIdentity source,
        long generation,
        String schemaFingerprint,
        BackfillProgress backfill,
        Lsn stored,
        List<String> refused) {
    public SyncState {
        refused = List.copyOf(refused);
    }

    public SyncState withStored(Lsn lsn) {
        return new SyncState(index, indexUuid, source, generation, schemaFingerprint, backfill, lsn, refused);
    }

    public SyncState withBackfill(BackfillProgress progress) {
        return new SyncState(index, indexUuid, source, generation, schemaFingerprint, progress, stored, refused);
    }

    public SyncState withGeneration(long next) {
        return new SyncState(index, indexUuid, source, next, schemaFingerprint, backfill, stored, refused);
    }

    public SyncState withRefused(List<String> ids) {
        return new SyncState(index, indexUuid, source, generation, schemaFingerprint, backfill, stored, ids);
    }
}
