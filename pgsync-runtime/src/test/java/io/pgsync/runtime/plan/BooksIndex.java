package io.pgsync.runtime.plan;

import static io.pgsync.core.tree.Tables.table;

import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.runtime.placement.PlacedSchema;
import io.pgsync.runtime.report.DocumentPlan;
import io.pgsync.runtime.source.Databases;
import io.pgsync.runtime.source.Fingerprints;
import java.net.URI;
import java.util.List;
import java.util.function.UnaryOperator;

/** The index "books" with its 100 documents, loaded from one file and planned for another. */
final class BooksIndex {
    private static final URI ENGINE = URI.create("http://search:9200");

    private static final TableDefinition[] TABLES = {
        table("book", "id int4 pk, title text, price numeric, doc jsonb, publisher_id int4 -> publisher.id"),
        table("publisher", "id int4 pk, name text, city text"),
        table("review", "id int4 pk, book_id int4 -> book.id, stars int4, verdict text"),
        table("author", "id int4 pk, name text"),
        table("book_author", "book_id int4 pk -> book.id, author_id int4 pk -> author.id"),
        table("writer", "book_id int4 pk -> book.id, author_id int4 pk -> author.id"),
        table("old.book", "id int4 pk, title text, price numeric"),
        table("shown", "id int4, other int4, title text")
    };

    final EngineInMemory engine = new EngineInMemory();
    final SourceCounts source = new SourceCounts(TABLES);
    private final StatesInMemory states = new StatesInMemory();

    static BooksIndex loadedFrom(BooksFile file) {
        return loadedFrom(file, TABLES);
    }

    /** @param tables as they were at the load */
    static BooksIndex loadedFrom(BooksFile file, TableDefinition... tables) {
        var index = new BooksIndex();
        DocumentTree tree = file.tree(tables);
        var fingerprints = new Fingerprints(file.text());
        index.states.put(state(fingerprints.of(tree)).withLoaded(fingerprints.definition(tree, MappingMode.TYPES)));
        index.engine.create(tree);
        return index;
    }

    private static SyncState state(String fingerprint) {
        SyncState state = StatesInMemory.state("books", 10);
        return new SyncState(
                "books",
                state.indexUuid(),
                state.source(),
                1,
                fingerprint,
                BackfillProgress.DONE,
                state.stored(),
                List.of());
    }

    /** An earlier version did not store the definition from which it loaded. */
    void forgetDefinition() {
        alterState(state -> state(state.schemaFingerprint()));
    }

    void alterState(UnaryOperator<SyncState> alteration) {
        states.put(alteration.apply(states.get("books")));
    }

    Draft draft(BooksFile file) {
        DocumentTree tree = file.tree(TABLES);
        return new DocumentPlanner(states, engine, source, PlacedSchema.unplaced(file.text()), MappingMode.TYPES)
                .plan(Databases.named("shop", tree), tree)
                .blockOptional()
                .orElseThrow();
    }

    DocumentPlan plan(BooksFile file) {
        return draft(file).plan();
    }

    DocumentPlan.Load load(BooksFile file) {
        return plan(file).load().orElseThrow();
    }

    List<String> commands(BooksFile file) {
        return PlanCommands.of(List.of(draft(file)), ENGINE, file.text().repair());
    }
}
