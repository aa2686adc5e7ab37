package io.pgsync.elasticsearch.bulk;

import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.index.Generations;
import java.util.Optional;

/**
 * One index as this process may write it.
 *
 * @param generation of this writer; its writes go through the alias of {@link Generations}
 * @param pipeline ingest pipeline for documents; deletes bypass it
 * @param routed whether documents carry a routing, so that a copy can be on any shard
 */
record Destination(String index, long generation, Optional<String> pipeline, boolean routed) {
    static Destination of(DocumentTree tree, long generation) {
        return new Destination(
                tree.index(), generation, tree.pipeline(), tree.routing().isPresent());
    }
}
