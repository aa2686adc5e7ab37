package io.pgsync.runtime.setup;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.TableName;
import io.pgsync.core.checkpoint.PlacementStore;
import io.pgsync.core.checkpoint.Soundness;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.handover.WorkLog;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.runtime.placement.PlacedSchema;
import io.pgsync.runtime.setup.SourceSetup.Prepared;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.PublishedTables;
import io.pgsync.runtime.source.Resources;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Makes everything that a run needs: publication, slot, indexes, states. It may be repeated at any time: what is there
 * and sound stays, what an earlier run left half-made is completed, and an index that may have missed changes gets a
 * new load. An index that is followed in spite of a divergence is left to its process, with a warning.
 */
public final class Bootstrap {
    private final TargetEngine engine;
    private final Function<Database, SourceServer> sources;
    private final SyncStateStore states;
    private final DocumentIndexes indexes;
    private final IndexStates indexStates;
    private final Function<Database, Optional<WorkLog>> logs;
    private final SourceChoice choice;

    public Bootstrap(Resources resources, SourceChoice choice) {
        this(
                resources.placed(),
                resources.config().mapping(),
                choice,
                database -> new SourceServer.Postgres(database.connections()),
                new TargetEngine.Elasticsearch(resources.engine()),
                resources.states(),
                resources.placements(),
                resources::workLog);
    }

    /** {@code logs}: in which affected roots wait; empty if they wait in memory. */
    Bootstrap(
            PlacedSchema placed,
            MappingMode mappings,
            SourceChoice choice,
            Function<Database, SourceServer> sources,
            TargetEngine engine,
            SyncStateStore states,
            PlacementStore placements,
            Function<Database, Optional<WorkLog>> logs) {
        this.logs = logs;
        this.choice = choice;
        this.sources = sources;
        this.engine = engine;
        this.states = states;
        this.indexes = new DocumentIndexes(placed, placements, mappings, engine);
        this.indexStates = new IndexStates(states, engine, mappings, placed);
    }

    /**
     * Examines what a load needs of both servers, and creates nothing unless they are ready. The engine is asked first,
     * because it may be away.
     */
    public Mono<Void> run(List<Database> databases) {
        return engine.check()
                .then(Mono.defer(() -> noteWhatOthersLeaveOut(databases)))
                .thenMany(Flux.fromIterable(databases))
                .concatMap(database -> setup(database, new Made()).check())
                .then(Mono.defer(() -> make(databases)));
    }

    /** The same on servers that are already examined and need not be asked again. One database after the other. */
    public Mono<Void> make(List<Database> databases) {
        return Flux.fromIterable(databases).concatMap(this::prepare).then();
    }

    private SourceSetup setup(Database database, Made made) {
        return new SourceSetup(database, sources.apply(database), choice, made);
    }

    /** Must be called before an examination, which stops if somebody else's publication leaves tables out. */
    public Mono<Void> noteWhatOthersLeaveOut(List<Database> databases) {
        return Flux.fromIterable(databases)
                .concatMap(database -> setup(database, new Made())
                        .tellWhatOthersLeaveOut((tables, now) -> noteMissing(database, tables, now)))
                .then();
    }

    private Mono<Void> prepare(Database database) {
        return Mono.usingWhen(
                Mono.fromSupplier(Made::new),
                made -> prepare(database, made),
                made -> Mono.<Void>empty(),
                (made, failure) -> made.remove(),
                Made::remove);
    }

    private Mono<Void> prepare(Database database, Made made) {
        SourceSetup source = setup(database, made);
        // First the indexes, because a slot keeps log from its first moment; the states after the slot, because what a
        // load does not see is then in the stream.
        return source.requireOwnSlot()
                .thenMany(Flux.fromIterable(database.trees()))
                .concatMap(indexes::findOrCreate)
                .collectList()
                .flatMap(found -> source.prepare((tables, now) -> noteMissing(database, tables, now))
                        .flatMap(prepared -> withLog(database, prepared))
                        .flatMapMany(prepared -> Flux.fromIterable(found)
                                .concatMap(index -> prepareState(index, source, prepared, made)))
                        .then());
    }

    /** What a log still has, the indexes may lack. */
    private Mono<Prepared> withLog(Database database, Prepared prepared) {
        return Mono.justOrEmpty(logs.apply(database))
                .flatMap(WorkLog::look)
                .map(look ->
                        prepared.owing(look.position().owed(prepared.position().confirmed())))
                .defaultIfEmpty(prepared);
    }

    /**
     * Records, before tables are published, which indexes miss changes of them. Whatever happens then, the next
     * bootstrap knows that they must be loaded again.
     */
    private Mono<Void> noteMissing(Database database, Set<TableName> unpublished, Lsn now) {
        return Flux.fromIterable(database.trees())
                .filter(tree -> !Collections.disjoint(PublishedTables.of(List.of(tree)), unpublished))
                .concatMap(tree ->
                        states.update(tree.index(), state -> Mono.justOrEmpty(missing(state, unpublished, now))))
                .then();
    }

    /**
     * The state with the gap, beside a divergence with which the index is still followed. Empty if no run would go on
     * with the index anyway.
     */
    static Optional<SyncState> missing(SyncState state, Set<TableName> unpublished, Lsn now) {
        return Soundness.of(state).isPresent()
                ? Optional.empty()
                : Optional.of(state.withAlso(
                        Diverged.gap(state.stored(), now, "of these tables not all came: " + unpublished)));
    }

    private Mono<Void> prepareState(FoundIndex index, SourceSetup source, Prepared prepared, Made made) {
        return states.load(index.name())
                // A running process moves first the end of the log and then the state, so they are read in the other
                // order.
                .flatMap(stored -> source.now(prepared)
                        .flatMap(now -> stored.map(known -> indexStates.renewIfNeeded(known, index, now))
                                .orElseGet(() -> indexStates.create(index, now, made))))
                // After the state is written: it has those documents loaded again that searches did not find before.
                .then(Mono.defer(() -> engine.addKeys(index.tree())));
    }
}
