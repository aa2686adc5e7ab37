package io.pgsync.runtime.verify;

import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.examination.ScratchIndexes;
import io.pgsync.replication.query.RootCount;
import io.pgsync.runtime.config.VerifyOrder;
import io.pgsync.runtime.report.VerifiedIndex;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Resources;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import reactor.core.publisher.Mono;

/** Whether a loaded index is right, as far as its number of documents and a sample of them tell. */
public final class SampleCheck {
    /** So many are compared, spread over the whole index. */
    private static final long DOCUMENTS = 10_000;
    /** Roots come and go between the two counts. */
    private static final long TOLERANCE = 100;

    private static final long PER_THOUSAND = 1_000;

    private final Resources resources;

    public SampleCheck(Resources resources) {
        this.resources = resources;
    }

    /** What is wrong with the index; an empty Optional if nothing is. The process that follows it must run. */
    public Mono<Optional<String>> objection(Database database, DocumentTree tree) {
        return Mono.zip(
                        new RootCount(database.connections()).of(tree, Optional.empty()),
                        new ScratchIndexes(resources.engine(), Clock.systemUTC()).size(tree.index()),
                        resources.states().load(tree.index()))
                .flatMap(found -> {
                    long refused = found.getT3()
                            .map(StoredState::state)
                            .map(state -> state.refused().size())
                            .orElse(0);
                    Optional<String> wrong =
                            objection(found.getT1(), found.getT2().documents(), refused);
                    return wrong.isPresent() ? Mono.just(wrong) : sampled(database, tree, found.getT1());
                });
    }

    static Optional<String> objection(long roots, long documents, long refused) {
        long tolerance = TOLERANCE + roots / PER_THOUSAND;
        return Math.abs(roots - documents - refused) <= tolerance
                ? Optional.empty()
                : Optional.of(
                        "it has %,d documents and %,d refused ones for %,d rows".formatted(documents, refused, roots));
    }

    private Mono<Optional<String>> sampled(Database database, DocumentTree tree, long roots) {
        double sample = Math.min(1, (double) DOCUMENTS / Math.max(1, roots));
        var order = new VerifyOrder(List.of(tree.index()), Optional.empty(), sample, OptionalInt.empty(), false);
        return new Verification(
                        tree,
                        order,
                        OpenSides.of(resources, database, tree),
                        new Pace(order.rate(), resources.timer()),
                        new Random(),
                        new Telling(tree.index(), progress -> {}, resources.timer()))
                .run(Mono.never())
                .map(SampleCheck::objection);
    }

    private static Optional<String> objection(VerifiedIndex verified) {
        return verified.counts().differing() == 0
                ? Optional.empty()
                : Optional.of("of %,d documents that were compared, %,d differ, first %s"
                        .formatted(
                                verified.counts().compared(),
                                verified.counts().differing(),
                                verified.differences().stream()
                                        .findFirst()
                                        .map(found -> found.id() + " (" + found.kind() + ")")
                                        .orElse("")));
    }
}
