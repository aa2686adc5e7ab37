package io.pgsync.core.pipeline;

import io.pgsync.core.affected.SourceKeyLookup;
import io.pgsync.core.change.ChangeSource;
import io.pgsync.core.change.VisibilityFence;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.SchemaWatch;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * What a pipeline needs of the source. {@code changes} opens the stream anew at every subscription; {@code fences} gives the fence of a run
 * that follows some documents.
 */
public record SourcePorts(
        Mono<? extends ChangeSource> changes,
        Function<List<DocumentTree>, VisibilityFence> fences,
        SourceKeyLookup keys,
        DocumentReader documents,
        SchemaWatch schema) {}
