package io.pgsync.core.document;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.tree.DocumentTree;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Port: builds documents from the source's current state. Each call is one statement, so one snapshot; demand is honoured. */
public interface DocumentReader {
    /**
     * From now on, every read that begins shows all that was committed in {@code source} before {@code position}. To be called before the
     * reads for a change, once the primary shows it. A reader of the primary has nothing to do.
     */
    default void require(SourceIdentity source, Lsn position) {}

    /**
     * The same for everything that was committed before the call. For reads whose reason is not in the stream: a load may have been asked for
     * because of a partition or a definition that has just changed.
     */
    default Mono<Void> requirePresent() {
        return Mono.empty();
    }

    /**
     * One change for every root, in any order: what {@link DocumentAssembler} makes of its row, or a delete if there is
     * no row.
     */
    Flux<DocumentChange> read(DocumentTree tree, List<RootKey> roots);

    /** One change for every row of a range. */
    Flux<DocumentChange> read(DocumentTree tree, KeyRange range);

    /**
     * Divides the keys after {@code after} into ranges of about {@code size} roots, in key order; the last one has no
     * end.
     */
    Flux<KeyRange> ranges(DocumentTree tree, Optional<List<String>> after, int size);

    /**
     * The roots that match an SQL condition over the columns of the root's table, in key order after {@code after},
     * including roots that have no document. In lists of {@code size}, the last one shorter or empty. Fails with
     * {@code STOP} if the source refuses the condition.
     */
    Flux<List<RootKey>> matching(DocumentTree tree, String condition, Optional<List<String>> after, int size);

    /** The estimated number of roots (the planner's); only for progress. */
    Mono<Long> estimatedRoots(DocumentTree tree);
}
