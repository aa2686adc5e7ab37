package io.pgsync.runtime.setup;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.PlacementStore;
import io.pgsync.core.mapping.IndexMappings;
import io.pgsync.core.mapping.KeyColumn;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.core.mapping.RewrittenNumbers;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.examination.PlannedIndex;
import io.pgsync.runtime.placement.PlacedSchema;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** The indexes of the documents, created with their names where they are missing. */
public final class DocumentIndexes {
    private static final Logger log = LoggerFactory.getLogger(DocumentIndexes.class);

    private final PlacedSchema placed;
    private final PlacementStore placements;
    private final MappingMode mappings;
    private final TargetEngine engine;

    DocumentIndexes(PlacedSchema placed, PlacementStore placements, MappingMode mappings, TargetEngine engine) {
        this.placed = placed;
        this.placements = placements;
        this.mappings = mappings;
        this.engine = engine;
    }

    /** The index of a document, which takes its documents and has its name from then on. */
    Mono<FoundIndex> findOrCreate(DocumentTree tree) {
        PlannedIndex plan = plan(tree, mappings);
        return engine.exists(plan.name())
                .flatMap(existed -> reserve(plan.name(), existed)
                        .then(engine.createIfMissing(plan))
                        .delayUntil(uuid -> claimName(plan.name()))
                        .delayUntil(uuid -> takesDocumentsOf(tree))
                        .delayUntil(uuid -> engine.rememberDeletes(plan.name()))
                        .flatMap(uuid -> Mono.zip(engine.histories(plan.name()), engine.reasonToLoad(tree))
                                .map(found -> new FoundIndex(tree, uuid, found.getT1(), existed, found.getT2()))));
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
}
