package io.pgsync.runtime.follow;

import io.pgsync.core.checkpoint.Evidence;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.Soundness;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.slot.ReplicationSlots;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Fingerprints;
import io.pgsync.runtime.source.KnownDrifts;
import io.pgsync.runtime.source.Resources;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads, before a run, the states from which it would go on, and tells them to the report. */
final class RunStart {
    private final SyncStateStore states;
    private final Fingerprints fingerprints;
    private final RepairAdvice advice;
    private final Function<Database, Mono<Boolean>> slots;

    RunStart(Resources resources) {
        this(resources.states(), new Fingerprints(resources.schema()), new RepairAdvice(resources), RunStart::hasSlot);
    }

    /** {@code slots}: whether a database has its slot. */
    RunStart(
            SyncStateStore states,
            Fingerprints fingerprints,
            RepairAdvice advice,
            Function<Database, Mono<Boolean>> slots) {
        this.states = states;
        this.fingerprints = fingerprints;
        this.advice = advice;
        this.slots = slots;
    }

    private static Mono<Boolean> hasSlot(Database database) {
        return new ReplicationSlots(database.connections())
                .describe(database.names().slot())
                .hasElement();
    }

    /**
     * Gives a message about each document that is not followed. Fails if bootstrap was never run, or if the definition
     * of a document has changed since its load.
     */
    Mono<List<String>> tell(Database database, RunReport report) {
        return Flux.fromIterable(database.trees())
                .concatMap(tree -> state(database, tree, report))
                .doOnNext(state -> report.resumes(state.index(), state.backfill()))
                .thenMany(toldSetAside(database, report))
                .collectList();
    }

    private Mono<SyncState> state(Database database, DocumentTree tree, RunReport report) {
        return states.load(tree.index())
                .flatMap(stored -> known(database, tree, stored))
                .doOnNext(found -> check(found, fingerprints.fits(found, tree), report))
                .onErrorResume(SyncException.class, failure -> advice.failed(database, failure));
    }

    private Mono<SyncState> known(Database database, DocumentTree tree, Optional<StoredState> stored) {
        return stored.map(found -> Mono.just(found.state()))
                .orElseGet(
                        () -> slots.apply(database).flatMap(hasSlot -> Mono.error(stateless(database, tree, hasSlot))));
    }

    private static SyncException stateless(Database database, DocumentTree tree, boolean hasSlot) {
        return hasSlot
                ? new GapException(
                        tree.index(),
                        "nothing is known of its state, although slot \"%s\" is there; any of its documents may be out of date."
                                .formatted(database.names().slot()))
                : new SyncException(
                        Remedy.STOP,
                        "Nothing is known of index \"" + tree.index()
                                + "\". Run \"pgsync bootstrap\" with this schema file first.");
    }

    /** Reports the documents that are set aside, and gives a message about each. */
    private Flux<String> toldSetAside(Database database, RunReport report) {
        var drifts = new KnownDrifts(states);
        return Flux.fromIterable(database.drifted())
                .concatMap(index -> drifts.find(index)
                        .flatMap(Mono::justOrEmpty)
                        .doOnNext(found -> report.diverged(index, Optional.of(found)))
                        .map(found -> found.advice(index, "pgsync backfill")));
    }

    private static void check(SyncState state, boolean isSameDocument, RunReport report) {
        report.diverged(state.index(), state.diverged());
        if (state.isSetAside()) {
            return;
        }
        Soundness.of(state, new Evidence.Definition(isSameDocument)).ifPresent(found -> {
            throw new GapException(found);
        });
    }
}
