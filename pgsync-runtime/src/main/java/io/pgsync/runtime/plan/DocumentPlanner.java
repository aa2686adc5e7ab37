package io.pgsync.runtime.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.core.checkpoint.Evidence;
import io.pgsync.core.checkpoint.LoadedDefinition;
import io.pgsync.core.checkpoint.Soundness;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.examination.IndexForm;
import io.pgsync.elasticsearch.examination.PlannedIndex;
import io.pgsync.runtime.placement.PlacedSchema;
import io.pgsync.runtime.plan.IndexComparison.Compared;
import io.pgsync.runtime.report.DocumentPlan;
import io.pgsync.runtime.report.DocumentPlan.Basis;
import io.pgsync.runtime.report.DocumentPlan.Load;
import io.pgsync.runtime.report.DocumentPlan.Size;
import io.pgsync.runtime.report.PlannedChange;
import io.pgsync.runtime.report.PlannedChange.Measure;
import io.pgsync.runtime.setup.DocumentIndexes;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Fingerprints;
import io.pgsync.runtime.source.LoadedDefinitions;
import io.pgsync.runtime.source.NodeForm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Plans one document: what differs, what each difference takes, and how many documents that concerns. */
final class DocumentPlanner {
    private final SyncStateStore states;
    private final PlanEngine engine;
    private final PlanSource source;
    private final PlacedSchema schema;
    private final Fingerprints fingerprints;
    private final MappingMode mode;

    DocumentPlanner(
            SyncStateStore states, PlanEngine engine, PlanSource source, PlacedSchema schema, MappingMode mode) {
        this.states = states;
        this.engine = engine;
        this.source = source;
        this.schema = schema;
        this.fingerprints = new Fingerprints(schema.text());
        this.mode = mode;
    }

    /** What was found of one document before anything is compared. */
    private record Found(Database database, DocumentTree tree, Optional<SyncState> state, Optional<IndexForm> live) {
        String index() {
            return tree.index();
        }

        String pointer() {
            return LoadedDefinitions.documentOf(tree);
        }

        Basis basis() {
            return state.map(known -> known.loaded().isPresent() ? Basis.DEFINITION : Basis.FINGERPRINT)
                    .orElse(Basis.NOTHING);
        }

        Optional<LoadedDefinition> definition() {
            return state.flatMap(SyncState::loaded);
        }

        /** Why no run would go on with the index that is there. */
        Optional<Divergence> divergence() {
            Optional<String> uuid = live.map(IndexForm::uuid);
            return state.flatMap(known -> Soundness.of(known, new Evidence.Index(uuid)));
        }
    }

    /** Whether the document is written otherwise than it was when its index was loaded, as far as the state knows. */
    Mono<Boolean> isChanged(DocumentTree tree) {
        return states.load(tree.index())
                .map(found -> found.flatMap(stored -> stored.state().loaded())
                        .filter(then -> !then.document()
                                .equals(fingerprints.definition(tree, mode).document()))
                        .isPresent());
    }

    Mono<Draft> plan(Database database, DocumentTree tree) {
        return Mono.zip(
                        states.load(tree.index()),
                        engine.live(tree.index()).map(Optional::of).defaultIfEmpty(Optional.empty()))
                .map(found -> new Found(database, tree, found.getT1().map(StoredState::state), found.getT2()))
                .flatMap(this::plan);
    }

    private Mono<Draft> plan(Found found) {
        boolean fits = found.state()
                .filter(state -> fingerprints.fits(state, found.tree()))
                .isPresent();
        List<Difference> ofDefinition = ofDefinition(found, fits);
        boolean isLoaded = ofDefinition.stream()
                .anyMatch(difference -> difference.affected().all());
        return earlier(found)
                .flatMap(earlier -> ofIndex(found, earlier, isLoaded))
                .flatMap(compared -> together(found, needsBootstrap(found, fits), ofDefinition, compared));
    }

    private static boolean needsBootstrap(Found found, boolean fits) {
        return !fits || found.divergence().isPresent() || !isOfSource(found);
    }

    private static boolean isOfSource(Found found) {
        return found.state()
                .filter(state -> state.source().database().equals(found.tree().database()))
                .isPresent();
    }

    private List<Difference> ofDefinition(Found found, boolean fits) {
        if (found.state().isEmpty() || found.live().isEmpty()) {
            return List.of(absent(found));
        }
        var differences = new ArrayList<Difference>();
        found.divergence()
                .ifPresent(unsound -> differences.add(Difference.load(
                        found.pointer(),
                        unsound.what(),
                        "no run goes on with the index; bootstrap has all documents loaded",
                        Affected.ALL)));
        if (!isOfSource(found)) {
            differences.add(Difference.load(
                    found.pointer() + "/database",
                    "database: %s -> %s"
                            .formatted(
                                    found.state().get().source().database(),
                                    found.tree().database()),
                    "all rows are others",
                    Affected.ALL));
        }
        found.definition()
                .ifPresent(then ->
                        differences.addAll(DefinitionComparison.between(then, fingerprints.file(), found.tree())));
        if (!fits && differences.isEmpty()) {
            differences.add(unknown(found));
        }
        return differences;
    }

    private static Difference absent(Found found) {
        String what = found.live().isPresent()
                ? "the index was not loaded by this file"
                : found.state().isPresent() ? "the index is gone" : "the index is not there yet";
        return Difference.load(found.pointer(), what, "bootstrap has all documents loaded", Affected.ALL);
    }

    private static Difference unknown(Found found) {
        return found.definition().isPresent()
                ? Difference.load(
                        found.pointer() + "/nodes",
                        "this version makes ids or hidden keys otherwise",
                        "every document may have others",
                        Affected.ALL)
                : Difference.load(
                        found.pointer() + "/nodes",
                        "something differs",
                        "loaded by an earlier version, the definition is not known; only the fingerprint differs",
                        Affected.ALL);
    }

    private Mono<Earlier> earlier(Found found) {
        return Mono.justOrEmpty(found.definition())
                .flatMap(definition -> source.treeOf(found.database(), found.index(), definition)
                        .map(Optional::of)
                        .defaultIfEmpty(Optional.empty())
                        .map(tree -> new Earlier(Optional.of(definition), tree)))
                .defaultIfEmpty(Earlier.UNKNOWN);
    }

    private Mono<Compared> ofIndex(Found found, Earlier earlier, boolean isLoaded) {
        PlannedIndex plan = DocumentIndexes.plan(found.tree(), mode);
        if (found.live().isEmpty()) {
            // Still asked, because a file that the engine refuses is wrong.
            return engine.asCreated(plan).thenReturn(Compared.NOTHING);
        }
        JsonNode file = fingerprints.file();
        var pointers = new FilePointers(file, found.pointer(), DocumentFields.of(found.tree()));
        var mappings =
                new MappingJudgement(found.tree(), reach(found, file), earlier, pointers, plan.mappings(), isLoaded);
        var settings = new SettingJudgement(earlier, pointers, plan.settings());
        return new IndexComparison(engine, plan, found.live().get()).compared(mappings, settings);
    }

    private static Reach reach(Found found, JsonNode file) {
        return new Reach(
                found.tree(), NodeForm.hasMoves(file.at(found.tree().root().pointer())));
    }

    private Mono<Draft> together(
            Found found, boolean needsBootstrap, List<Difference> ofDefinition, Compared compared) {
        var differences = new ArrayList<>(ofDefinition);
        differences.addAll(compared.differences());
        List<PlannedChange> changes =
                differences.stream().map(Difference::change).toList();
        boolean isMadeAnew = changes.stream().anyMatch(change -> change.measure() == Measure.REINDEX);
        Affected affected = isMadeAnew
                ? Affected.ALL
                : Affected.together(
                        differences.stream().map(Difference::affected).toList());
        return Mono.zip(load(found, affected, needsBootstrap), size(found))
                .map(counted -> new Draft(
                        new DocumentPlan(
                                found.index(),
                                found.basis(),
                                counted.getT2(),
                                changes,
                                counted.getT1(),
                                new PlanNotes(schema.repair()).of(found.state(), isMadeAnew)),
                        found.live().map(IndexForm::name),
                        needsBootstrap,
                        compared.alterations()));
    }

    private Mono<Optional<Size>> size(Found found) {
        return found.live().isEmpty()
                ? Mono.just(Optional.empty())
                : engine.size(found.index()).map(Optional::of);
    }

    private Mono<Optional<Load>> load(Found found, Affected affected, boolean needsBootstrap) {
        if (affected.isNone()) {
            return Mono.just(Optional.empty());
        }
        return source.roots(found.database(), found.tree(), Optional.empty())
                .flatMap(total -> counted(found, affected, total)
                        .map(roots -> load(found, affected, roots, total, needsBootstrap ? total : roots)))
                .map(Optional::of);
    }

    private static Load load(Found found, Affected affected, long roots, long total, long byCommand) {
        return new Load(
                roots,
                total,
                affected.all() ? Optional.empty() : Optional.of(affected.condition()),
                byCommand,
                found.state()
                        .map(state -> state.backfill().perSecond())
                        .filter(rate -> rate > 0)
                        .map(rate -> Duration.ofSeconds(Math.max(1, byCommand / rate))));
    }

    private Mono<Long> counted(Found found, Affected affected, long total) {
        if (affected.all()) {
            return Mono.just(total);
        }
        return affected.withoutDocument()
                ? source.rows(found.database(), found.tree(), affected.condition())
                : source.roots(found.database(), found.tree(), Optional.of(affected.condition()));
    }
}
