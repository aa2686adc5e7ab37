package io.pgsync.runtime.report;

import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.Placement.Reindex;
import java.util.Optional;

/**
 * What became of a document that was to be reindexed.
 *
 * @param name as the schema file has it
 * @param index the one that the name stands for now
 * @param other the index that is followed beside it; empty if there is none any more
 * @param trouble why the other one does not take its place yet
 * @param isDone whether what was asked for is done
 */
public record ReindexedDocument(
        String name, String index, Optional<String> other, Optional<String> trouble, boolean isDone) {
    /** As its placement has it. */
    public static ReindexedDocument of(Placement placement, boolean isDone) {
        return new ReindexedDocument(
                placement.name(),
                placement.index(),
                placement.reindex().map(Reindex::other),
                placement.reindex().flatMap(Reindex::trouble),
                isDone);
    }
}
