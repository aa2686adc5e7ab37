package io.pgsync.core.pipeline;

import io.pgsync.core.affected.SourceKeyLookup;
import io.pgsync.core.change.ChangeSource;
import io.pgsync.core.change.VisibilityFence;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.document.SourceViews;
import io.pgsync.core.tree.SchemaWatch;
import reactor.core.publisher.Mono;

/** What a pipeline needs of the source. {@code changes} opens a new stream for every subscription. */
public record SourcePorts(
        Mono<? extends ChangeSource> changes,
        VisibilityFence fence,
        SourceViews views,
        SourceKeyLookup keys,
        DocumentReader documents,
        SchemaWatch schema) {}
