package io.pgsync.runtime.setup;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.TableName;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.PlacementStore;
import io.pgsync.core.checkpoint.Soundness;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.handover.WorkLog;
import io.pgsync.core.mapping.IndexMappings;
import io.pgsync.core.mapping.KeyColumn;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.core.mapping.RewrittenNumbers;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.examination.PlannedIndex;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.placement.PlacedSchema;
import io.pgsync.runtime.setup.SourceSetup.Prepared;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Fingerprints;
import io.pgsync.runtime.source.PublishedTables;
import io.pgsync.runtime.source.Resources;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Makes everything that a run needs: publication, slot, indexes, states. It may be repeated at any time: what is there
 * and sound stays, what an earlier run left half-made is completed, and an index that may have missed changes gets a
 * new load. An index that is followed in spite of a divergence is left to its process, with a warning.
 */
public final class Bootstrap {
    private static final Logger log = LoggerFactory.getLogger(Bootstrap.class);

    private final MappingMode mappings;
    private final TargetEngine engine;
    private final Function<Database, SourceServer> sources;
    private final SyncStateStore states;
    private final PlacedSchema placed;
    private final PlacementStore placements;
    private final Fingerprints fingerprints;
    private final Function<Database, Optional<WorkLog>> logs;
    private final RepairCommand repair;
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
        this.placed = placed;
        this.placements = placements;
        this.mappings = mappings;
        this.choice = choice;
        this.sources = sources;
        this.engine = engine;
        this.states = states;
        this.fingerprints = new Fingerprints(placed.text());
        this.repair = placed.repair();
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
                .concatMap(this::findOrCreate)
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

    /**
     * An index as it was found or made.
     *
     * @param histories of its shards
     * @param unseen why some of its documents may not be found by their keys
     */
    private record Index(
            DocumentTree tree, String uuid, Map<String, String> histories, boolean existed, Optional<String> unseen) {}

    private Mono<Void> prepareState(Index index, SourceSetup source, Prepared prepared, Made made) {
        return states.load(index.tree().index())
                // A running process moves first the end of the log and then the state, so they are read in the other
                // order.
                .flatMap(stored -> source.now(prepared)
                        .flatMap(now -> stored.map(known -> renewIfNeeded(known, index, now))
                                .orElseGet(() -> create(index, now, made))))
                // After the state is written: it has those documents loaded again that searches did not find before.
                .then(Mono.defer(() -> engine.addKeys(index.tree())));
    }

    private Mono<Index> findOrCreate(DocumentTree tree) {
        PlannedIndex plan = plan(tree, mappings);
        return engine.exists(plan.name())
                .flatMap(existed -> reserve(plan.name(), existed)
                        .then(engine.createIfMissing(plan))
                        .delayUntil(uuid -> claimName(plan.name()))
                        .delayUntil(uuid -> takesDocumentsOf(tree))
                        .delayUntil(uuid -> engine.rememberDeletes(plan.name()))
                        .flatMap(uuid -> Mono.zip(engine.histories(plan.name()), engine.reasonToLoad(tree))
                                .map(found -> new Index(tree, uuid, found.getT1(), existed, found.getT2()))));
    }

    /** Before the index is created: a name that has none by then would get another one at the next start. */
    private Mono<Void> reserve(String index, boolean existed) {
        String name = placed.nameOf(index);
        if (name.equals(index)) {
            if (!existed) {
                log.info("Index {} gets no alias: another index cannot take its place while it is searched", index);
            }
            return Mono.empty();
        }
        return placements
                .load(name)
                .filter(Optional::isEmpty)
                .flatMap(none -> placements.create(Placement.of(name, index)))
                .then();
    }

    private Mono<Void> claimName(String index) {
        String name = placed.nameOf(index);
        boolean isServing = placed.servingIndexOf(name).equals(index);
        return isServing && !name.equals(index) ? engine.claimName(name, index) : Mono.empty();
    }

    private Mono<Void> takesDocumentsOf(DocumentTree tree) {
        return tree.routing().isPresent() ? Mono.empty() : engine.checkUnrouted(tree.index());
    }

    /** The index that would be created for a document. */
    public static PlannedIndex plan(DocumentTree tree, MappingMode mappings) {
        ObjectNode settings = tree.indexDefinition().setting() instanceof ObjectNode given
                ? given
                : JsonNodeFactory.instance.objectNode();
        return new PlannedIndex(
                tree.index(),
                settings,
                IndexMappings.of(tree, mappings),
                KeyColumn.of(tree),
                RewrittenNumbers.of(tree));
    }

    private Mono<Void> create(Index index, Prepared source, Made made) {
        String name = index.tree().index();
        log.info("Index {} will be loaded from {}", name, source.position().confirmed());
        return source.settled()
                .then(engine.newestGeneration(name))
                .flatMap(newest -> states.create(fresh(index, source, newest)))
                .doOnNext(state -> made.add("the state of index " + name, states.delete(name)))
                .then();
    }

    private Mono<Void> renewIfNeeded(StoredState known, Index index, Prepared source) {
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
    private SyncState fresh(Index index, Prepared source, long generation) {
        return new SyncState(
                        index.tree().index(),
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
