package io.pgsync.runtime.verify;

import io.pgsync.core.audit.AuditProgress.Place;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.tree.DocumentTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Looks at one part of an index: the next roots in key order, and as many stored documents in the order of writes. */
final class AuditPart {
    private final DocumentTree tree;
    private final Sides sides;
    private final Comparison comparison;
    private final Extras extras;
    private final Tally tally;

    /** {@code tally}: counts what is compared. */
    AuditPart(DocumentTree tree, Sides sides, Comparison comparison, Tally tally) {
        this.tree = tree;
        this.sides = sides;
        this.comparison = comparison;
        this.extras = new Extras(tree, sides);
        this.tally = tally;
    }

    /** What looks wrong, and the place behind the part. */
    record Look(Place behind, List<Suspect> suspects) {
        Look and(Look next) {
            var all = new ArrayList<>(suspects);
            all.addAll(next.suspects());
            return new Look(next.behind(), all);
        }
    }

    Mono<Look> at(Place place, int documents) {
        return roots(place, documents)
                .flatMap(look -> writes(look.behind(), documents).map(look::and));
    }

    private Mono<Look> roots(Place place, int documents) {
        return place.isBehindRoots()
                ? Mono.just(new Look(place, List.of()))
                : sides.source()
                        .ranges(tree, place.lastKey(), documents)
                        .next()
                        .defaultIfEmpty(new KeyRange(place.lastKey(), Optional.empty()))
                        .flatMap(range -> roots(place, range));
    }

    private Mono<Look> roots(Place place, KeyRange range) {
        return comparison
                .of(sides.source().read(tree, range))
                .doOnNext(tally::compared)
                .concatMapIterable(Comparison.Compared::suspects)
                .collectList()
                .map(suspects -> new Look(place.behindRoots(range.last()), suspects));
    }

    private Mono<Look> writes(Place place, int documents) {
        return place.isBehindWrites()
                ? Mono.just(new Look(place, List.of()))
                : sides.written(place.nextWrite(), place.lastWrite(), documents)
                        .flatMap(page -> extras.among(page.ids())
                                .map(suspects -> new Look(place.behindWrites(page.next()), suspects)));
    }
}
