package io.pgsync.runtime.verify;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.tree.DocumentTree;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Leads through the roots of a tree in key order, in parts that are read one by one: all roots, or a sample of them. */
final class Walk {
    /** A sample is taken at about so many places, so that it is no picture of one corner. */
    private static final int PLACES = 20;

    private static final int FEWEST_AT_A_PLACE = 10;

    private final DocumentTree tree;
    private final DocumentReader source;
    private final int step;
    private final double sample;
    private final Random random;

    /** {@code step}: roots of a part. */
    Walk(DocumentTree tree, DocumentReader source, int step, double sample, Random random) {
        this.tree = tree;
        this.source = source;
        this.step = step;
        this.sample = sample;
        this.random = random;
    }

    /** Parts of the whole tree. */
    Flux<Flux<DocumentChange>> parts() {
        return (sample < 1 ? places() : source.ranges(tree, Optional.empty(), step))
                .map(range -> source.read(tree, range));
    }

    /** Parts with the roots that match {@code condition}, including those that have no document. */
    Flux<Flux<DocumentChange>> parts(String condition) {
        return source.matching(tree, condition, Optional.empty(), step)
                .map(roots -> roots.stream().filter(root -> isChosen()).toList())
                .filter(roots -> !roots.isEmpty())
                .map((List<RootKey> roots) -> source.read(tree, roots));
    }

    /** Whether one thing of many is in the sample. */
    boolean isChosen() {
        return sample >= 1 || random.nextDouble() < sample;
    }

    private Flux<KeyRange> places() {
        return source.estimatedRoots(tree).flatMapMany(roots -> {
            int size = (int) Math.max(FEWEST_AT_A_PLACE, Math.min(step, roots * sample / PLACES));
            int passed = Math.max(1, (int) Math.min(Integer.MAX_VALUE - 1, Math.round(size / sample - size)));
            return place(Optional.empty(), random.nextInt(passed + 1), size)
                    // All roots are before the first place.
                    .switchIfEmpty(next(Optional.empty(), size))
                    .expand(range -> range.last().isEmpty() ? Mono.empty() : place(range.last(), passed, size));
        });
    }

    /** The roots behind those that are passed; empty if there are none. */
    private Mono<KeyRange> place(Optional<List<String>> after, int passed, int size) {
        if (passed == 0) {
            return next(after, size);
        }
        return next(after, passed).filter(range -> range.last().isPresent()).flatMap(range -> next(range.last(), size));
    }

    private Mono<KeyRange> next(Optional<List<String>> after, int size) {
        return source.ranges(tree, after, size).next();
    }
}
