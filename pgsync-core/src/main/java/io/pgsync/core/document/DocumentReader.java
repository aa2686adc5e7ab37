package io.pgsync.core.document;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.tree.DocumentTree;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Port: builds documents from the source's current state. Each call is one statement, so one snapshot; demand is honoured. */
public interface DocumentReader {
    /** One change for every root: what {@link DocumentAssembler} makes of its row, or a delete if there is none. In no order. */
    Flux<DocumentChange> read(DocumentTree tree, List<RootKey> roots);

    /** One change for every row of a range. */
    Flux<DocumentChange> read(DocumentTree tree, KeyRange range);

    /** Cuts the keys after {@code after} into ranges of about {@code size} roots, in key order; the last one is open to the end. */
    Flux<KeyRange> ranges(DocumentTree tree, Optional<List<String>> after, int size);

    /**
     * The roots that match an SQL condition over the columns of the root's table, those included that are no documents, in key order after
     * {@code after}: lists of {@code size}, the last one shorter or empty. Fails with {@code STOP} when the source refuses the condition.
     */
    Flux<List<RootKey>> matching(DocumentTree tree, String condition, Optional<List<String>> after, int size);

    /** About how many roots there are (the planner's figure); for progress only. */
    Mono<Long> estimatedRoots(DocumentTree tree);
}
