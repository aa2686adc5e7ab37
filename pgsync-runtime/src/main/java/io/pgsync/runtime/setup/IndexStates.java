package io.pgsync.runtime.setup;

import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.placement.PlacedSchema;
import io.pgsync.runtime.setup.SourceSetup.Prepared;
import io.pgsync.runtime.source.Fingerprints;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** The states of the indexes: a new one has its index loaded. */
final class IndexStates {
    private static final Logger log = LoggerFactory.getLogger(IndexStates.class);

    private final SyncStateStore states;
    private final TargetEngine engine;
    private final MappingMode mappings;
    private final Fingerprints fingerprints;
    private final RepairCommand repair;

    IndexStates(SyncStateStore states, TargetEngine engine, MappingMode mappings, PlacedSchema placed) {
        this.states = states;
        this.engine = engine;
        this.mappings = mappings;
        this.fingerprints = new Fingerprints(placed.text());
        this.repair = placed.repair();
    }

    /** Of an index that has none; {@code made} removes it if the bootstrap fails. */
    Mono<Void> create(FoundIndex index, Prepared source, Made made) {
        String name = index.name();
        log.info("Index {} will be loaded from {}", name, source.position().confirmed());
        return source.settled()
                .then(engine.newestGeneration(name))
                .flatMap(newest -> states.create(fresh(index, source, newest)))
                .doOnNext(state -> made.add("the state of index " + name, states.delete(name)))
                .then();
    }

    /** A process may own it, so it stays as it is unless a run would refuse to go on with it. */
    Mono<Void> renewIfNeeded(StoredState known, FoundIndex index, Prepared source) {
        SyncState state = known.state();
        boolean isSame = fingerprints.fits(state, index.tree());
        Optional<String> reason = new KnownIndex(
                        state, index.uuid(), index.histories(), source.owed(), isSame, index.unseen())
                .reasonToLoadAgain();
        if (reason.isEmpty()) {
            tellPrepared(state);
            return Mono.empty();
        }
        log.warn("Index {} will be loaded again: {}", state.index(), reason.get());
        return source.settled()
                .then(engine.newestGeneration(state.index()))
                .map(newest -> Math.max(newest, state.generation()))
                .flatMap(newest -> states.replace(known, fresh(index, source, newest)))
                .then();
    }

    /**
     * Only a warning: the repair of a divergence that is still followed is a load, and the user decides when the
     * database can bear one.
     */
    private void tellPrepared(SyncState state) {
        log.info("Index {} is prepared already", state.index());
        state.diverged()
                .ifPresent(found -> log.warn("{}", found.advice(state.index(), repair.of(List.of(state.index())))));
    }

    /**
     * {@code generation}: the last one that wrote to the index. States can be lost or torn down, but the versions of
     * the documents remain.
     */
    private SyncState fresh(FoundIndex index, Prepared source, long generation) {
        return new SyncState(
                        index.name(),
                        index.uuid(),
                        source.position().identity(),
                        generation,
                        fingerprints.of(index.tree()),
                        BackfillProgress.start(index.existed()),
                        source.position().confirmed(),
                        List.of())
                .withLoaded(fingerprints.definition(index.tree(), mappings));
    }
}
