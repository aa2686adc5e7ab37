package io.pgsync.elasticsearch.bulk;

import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.index.Generations;
import java.util.Optional;

/**
 * One index, and how this process may write to it.
 *
 * @param generation the generation of this writer; its writes go through the alias of {@link Generations}
 * @param pipeline the ingest pipeline for documents; deletes bypass it
 * @param routed whether documents have a routing, so that copies can be on any shard
 */
record Destination(String index, long generation, Optional<String> pipeline, boolean routed) {
    static Destination of(DocumentTree tree, long generation) {
        return new Destination(
                tree.index(), generation, tree.pipeline(), tree.routing().isPresent());
    }
}
