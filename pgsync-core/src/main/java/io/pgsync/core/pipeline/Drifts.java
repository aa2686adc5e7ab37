package io.pgsync.core.pipeline;

import io.pgsync.core.change.ChangeEvent.RelationDescribed;
import io.pgsync.core.change.ChangeWindow;
import io.pgsync.core.change.Relation;
import io.pgsync.core.checkpoint.SchemaDriftException;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Gap;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.schema.SchemaDrift;
import io.pgsync.core.schema.SchemaWatch;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * Notices that tables changed so that documents do not fit them any more, and sets these documents aside: their states say so, and the next
 * run follows the others. Not the announced form decides but the catalogue, since documents are read from the tables as they are now.
 */
final class Drifts {
    /** Not every ALTER TABLE is followed by a change that would announce it. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final int MOST_CONFLICTS = 5;

    private final SchemaWatch schema;
    private final SyncStateStore states;
    private final Claim claim;
    private final Map<Integer, Relation> announced = new HashMap<>();

    Drifts(SchemaWatch schema, SyncStateStore states, Claim claim) {
        this.schema = schema;
        this.states = states;
        this.claim = claim;
    }

    /** Fails if a table that {@code window} announces does not fit any more. To be called behind its fence, one window after another. */
    Mono<Void> announcedBy(ChangeWindow window) {
        return Mono.defer(() -> isNews(window) ? look() : Mono.empty());
    }

    /** The first form of a table is looked at too: it may have changed since the trees were built. */
    private boolean isNews(ChangeWindow window) {
        boolean news = false;
        for (var change : window.changes()) {
            if (change instanceof RelationDescribed described) {
                Relation relation = described.relation();
                news |= !relation.equals(announced.put(relation.oid(), relation));
            }
        }
        return news;
    }

    /** Only ever fails. */
    <T> Flux<T> nowAndThen(Scheduler timer) {
        return Flux.interval(INTERVAL, timer).onBackpressureDrop().concatMap(tick -> look().then(Mono.<T>empty()), 1);
    }

    private Mono<Void> look() {
        return schema.drifts(claim.trees())
                .collectList()
                .flatMap(found -> found.isEmpty() ? Mono.empty() : Mono.error(new SchemaDriftException(found)));
    }

    /** Always an error: that of a run, or, if it comes from a drift, one that starts the next run without the documents concerned. */
    <T> Mono<T> after(Throwable failure) {
        if (failure instanceof SchemaDriftException drift) {
            return setAside(drift);
        }
        boolean refused = failure instanceof SyncException known && known.remedy() == Remedy.STOP;
        return refused
                ? look().onErrorResume(SchemaDriftException.class, this::setAside)
                        .then(Mono.error(failure))
                : Mono.error(failure);
    }

    private <T> Mono<T> setAside(SchemaDriftException drift) {
        Map<String, List<SchemaDrift>> byIndex = drift.drifts().stream()
                .collect(Collectors.groupingBy(SchemaDrift::index, LinkedHashMap::new, Collectors.toList()));
        return Flux.fromIterable(byIndex.entrySet())
                .concatMap(entry -> record(entry.getKey(), entry.getValue()))
                .then(Mono.error(drift));
    }

    private Mono<StoredState> record(String index, List<SchemaDrift> found) {
        String reason = found.stream().map(SchemaDrift::toString).collect(Collectors.joining("; "));
        return states.load(index)
                .flatMap(Mono::justOrEmpty)
                .flatMap(stored -> record(stored, reason))
                // The last write of the run that has just ended may come between.
                .retryWhen(Retry.max(MOST_CONFLICTS)
                        .filter(StateConflictException.class::isInstance)
                        .onRetryExhaustedThrow((retry, signal) -> signal.failure()));
    }

    private Mono<StoredState> record(StoredState stored, String reason) {
        SyncState state = stored.state();
        return state.generation() == claim.generation()
                ? states.replace(stored, state.withGap(Gap.bySchemaDrift(state.stored(), reason)))
                : Mono.error(new StateConflictException(state.index()));
    }
}
