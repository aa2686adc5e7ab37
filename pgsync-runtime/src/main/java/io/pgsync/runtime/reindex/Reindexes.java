package io.pgsync.runtime.reindex;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.Placement.Phase;
import io.pgsync.core.checkpoint.Placement.Reindex;
import io.pgsync.core.checkpoint.PlacementStore.StoredPlacement;
import io.pgsync.core.failure.Remedy;
import io.pgsync.runtime.config.PgsyncConfig;
import io.pgsync.runtime.config.ReindexOrder;
import io.pgsync.runtime.config.ReindexOrder.Action;
import io.pgsync.runtime.report.ReindexedDocument;
import io.pgsync.runtime.report.RunListener;
import io.pgsync.runtime.source.Deputy;
import io.pgsync.runtime.source.Resources;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Performs an order about reindexes. It writes what is wanted into the placements; the process that follows the slot
 * does it, or this one if there is none.
 */
public final class Reindexes {
    private static final Logger log = LoggerFactory.getLogger(Reindexes.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final PgsyncConfig config;
    private final ReindexOrder order;
    private final RunListener listener;

    public Reindexes(PgsyncConfig config, ReindexOrder order, RunListener listener) {
        this.config = config;
        this.order = order;
        this.listener = listener;
    }

    /** Ends early when {@code stop} signals, which must replay its signal; what was begun then remains. */
    public Mono<List<ReindexedDocument>> run(Mono<Void> stop) {
        return (order.action() == Action.REPLACE ? begun() : Resources.during(config, this::changed))
                .filter(names -> !names.isEmpty())
                .flatMap(names -> Resources.during(config, resources -> done(resources, names, stop)))
                .defaultIfEmpty(List.of());
    }

    // What was begun

    private Mono<List<String>> begun() {
        return Resources.during(config, this::reserved)
                .flatMap(reserved -> Flux.fromIterable(reserved)
                        .filter(placement -> phaseOf(placement)
                                .filter(phase -> phase == Phase.PREPARING)
                                .isPresent())
                        .collectList()
                        .flatMap(new OtherIndexes(config)::create)
                        .thenReturn(reserved.stream().map(Placement::name).toList()));
    }

    private static Optional<Phase> phaseOf(Placement placement) {
        return placement.reindex().map(Reindex::phase);
    }

    private Mono<List<Placement>> reserved(Resources resources) {
        var entries = new SchemaEntries(config.schema(), config.variables());
        var preparation = new Preparation(
                resources.placements(),
                resources.states(),
                resources.newPlacements(),
                order.keep(),
                InstantSource.system());
        return new ChangedDocuments(resources, entries)
                .chosen(order.documents())
                .flatMapMany(Flux::fromIterable)
                .concatMap(name -> preparation.of(name, (ObjectNode) entries.of(name)))
                .map(StoredPlacement::placement)
                .collectList();
    }

    // What was changed at once

    private Mono<List<String>> changed(Resources resources) {
        var entries = new SchemaEntries(config.schema(), config.variables());
        var ended = new EndedReindexes(
                resources.placements(), resources.states(), new ReindexEngine.Cluster(resources.engine()));
        return resources
                .placements()
                .load(entries.names(order.documents()))
                .flatMapMany(Flux::fromIterable)
                .filter(
                        order.documents().isEmpty()
                                ? stored -> stored.placement().reindex().isPresent()
                                : stored -> true)
                .concatMap(stored -> switch (order.action()) {
                    case ROLL_BACK -> ended.rolledBack(stored);
                    case FINISH -> ended.finished(stored);
                    case ABORT -> ended.aborted(stored);
                    case REPLACE -> throw new AssertionError("Was begun elsewhere");
                })
                .map(stored -> stored.placement().name())
                .collectList()
                .doOnNext(names -> requireAny(names, entries));
    }

    private void requireAny(List<String> names, SchemaEntries entries) {
        if (names.isEmpty()) {
            throw Preparation.stop("No reindex of %s is under way."
                    .formatted(
                            order.documents().isEmpty()
                                    ? "any document"
                                    : String.join(", ", entries.names(order.documents()))));
        }
    }

    // The end

    private Mono<List<ReindexedDocument>> done(Resources resources, List<String> names, Mono<Void> stop) {
        Predicate<Placement> isDone = this::isDone;
        Mono<List<Placement>> over = Flux.interval(Duration.ZERO, POLL, resources.timer())
                .onBackpressureDrop()
                .concatMap(tick -> placements(resources, names), 1)
                .filter(found -> found.stream().allMatch(isDone.or(Reindexes::isTroubled)))
                // The alias follows the placement.
                .filterWhen(found -> areAliased(resources, found))
                .next();
        Mono<Void> end = Mono.firstWithSignal(stop, over.then()).cache();
        Mono<Boolean> isHeld = SlotHolders.of(resources, names).any();
        return isHeld.flatMap(held -> held
                        ? new Deputy(isHeld, resources.timer()).waitFor(end, () -> unheld(resources, names, end))
                        : unheld(resources, names, end))
                .then(Mono.defer(() -> placements(resources, names)))
                .map(found -> found.stream()
                        .map(placement -> ReindexedDocument.of(placement, isDone(placement)))
                        .toList());
    }

    /** Without a daemon, this process does what is to be done; for a new index it follows until that has its place. */
    private Mono<Void> unheld(Resources resources, List<String> names, Mono<Void> end) {
        return switch (order.action()) {
            case ROLL_BACK -> Mono.empty();
            case FINISH, ABORT -> removed(resources, names);
            case REPLACE ->
                new FollowingRuns(config, listener)
                        .until(end)
                        .doOnSubscribe(begun -> log.info(
                                "No process follows the slot: this one does until {} is done",
                                String.join(", ", names)))
                        .then();
        };
    }

    private static Mono<Void> removed(Resources resources, List<String> names) {
        var obsolete = new ObsoleteIndexes(
                resources.placements(), resources.states(), new ReindexEngine.Cluster(resources.engine()));
        return resources
                .placements()
                .load(names)
                .flatMapMany(Flux::fromIterable)
                .concatMap(obsolete::remove)
                .then();
    }

    private Mono<List<Placement>> placements(Resources resources, List<String> names) {
        return resources
                .placements()
                .load(names)
                .map(found -> found.stream().map(StoredPlacement::placement).toList())
                .retryWhen(Retry.backoff(Long.MAX_VALUE, POLL)
                        .maxBackoff(LONGEST_PAUSE)
                        .scheduler(resources.timer())
                        .filter(Remedy::passes));
    }

    private static Mono<Boolean> areAliased(Resources resources, List<Placement> found) {
        var engine = new ReindexEngine.Cluster(resources.engine());
        return Flux.fromIterable(found)
                .concatMap(placement ->
                        engine.indexOf(placement.name()).map(there -> there.equals(Optional.of(placement.index()))))
                .all(aliased -> aliased)
                .onErrorResume(Remedy::passes, away -> Mono.just(false));
    }

    private boolean isDone(Placement placement) {
        return switch (order.action()) {
            case REPLACE ->
                placement.reindex().isEmpty()
                        || phaseOf(placement)
                                .filter(phase -> phase == Phase.REPLACED)
                                .isPresent();
            case ROLL_BACK -> true;
            case FINISH, ABORT ->
                placement.reindex().isEmpty() && placement.obsolete().isEmpty();
        };
    }

    private static boolean isTroubled(Placement placement) {
        return placement.reindex().flatMap(Reindex::trouble).isPresent();
    }
}
