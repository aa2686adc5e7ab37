package io.pgsync.runtime.setup;

import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.checkpoint.Evidence;
import io.pgsync.core.checkpoint.Soundness;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.failure.Divergence;
import java.util.Map;
import java.util.Optional;

/**
 * An index with a state of an earlier bootstrap, as this one finds it.
 *
 * @param uuid the UUID of the index that has the name now
 * @param histories the histories of its shards, see {@link io.pgsync.core.sink.IndexOwnership#histories}
 * @param isSameDocument whether it was loaded with the current definition of its document
 * @param unseen why some of its documents may not be found by their keys
 */
record KnownIndex(
        SyncState state,
        String uuid,
        Map<String, String> histories,
        SourcePosition source,
        boolean isSameDocument,
        Optional<String> unseen) {
    /**
     * Why the index needs a new load: a run would refuse to go on with it, the definition of the document has changed,
     * or searches miss documents. If empty, the state stays as it is: a process may own it, and a new state would take
     * its generation away.
     */
    Optional<String> reasonToLoadAgain() {
        return Soundness.of(
                        state,
                        new Evidence.Source(source),
                        new Evidence.Index(Optional.of(uuid)),
                        new Evidence.Shards(histories),
                        new Evidence.Definition(isSameDocument))
                .map(Divergence::what)
                .or(() -> unseen);
    }
}
