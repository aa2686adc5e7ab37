package io.pgsync.runtime.setup;

import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.checkpoint.Evidence;
import io.pgsync.core.checkpoint.Soundness;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.failure.Divergence;
import java.util.Map;
import java.util.Optional;

/**
 * An index that was prepared before, as a bootstrap finds it.
 *
 * @param uuid of the index that the name leads to now
 * @param histories of its shards, see {@link io.pgsync.core.sink.IndexOwnership#histories}
 * @param isSameDocument it was loaded with the definition that its document has now
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
     * What a running pipeline would refuse to go on with, in words; and a new definition of the document. Where it is empty the state stays as
     * it is: a process may own it, and a new one would take its generation away.
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
