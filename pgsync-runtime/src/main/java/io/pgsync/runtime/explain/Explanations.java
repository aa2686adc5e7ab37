package io.pgsync.runtime.explain;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.lookup.StoredDocuments;
import io.pgsync.runtime.report.ExplainedDocument;
import io.pgsync.runtime.report.ExplainedTree;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Finds out what a schema file means for its database, and how single documents look. Reads only. */
public final class Explanations {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final Mono<List<Database>> databases;
    private final Sides sides;

    public Explanations(Resources resources) {
        this(resources.databases().checked(), new SidesOfServers(resources));
    }

    Explanations(Mono<List<Database>> databases, Sides sides) {
        this.databases = databases;
        this.sides = sides;
    }

    /** The two sides of a document: the source, and the index. */
    interface Sides {
        String statement(Database database, DocumentTree tree);

        /** Empty if there is none. */
        Mono<JsonNode> stored(DocumentTree tree, String id);

        Flux<DocumentChange> built(Database database, DocumentTree tree, RootKey root);
    }

    private record SidesOfServers(Resources resources) implements Sides {
        @Override
        public String statement(Database database, DocumentTree tree) {
            return resources.documents().ofPrimary(database).statementOf(tree);
        }

        @Override
        public Mono<JsonNode> stored(DocumentTree tree, String id) {
            return new StoredDocuments(resources.engine()).find(tree, id);
        }

        @Override
        public Flux<DocumentChange> built(Database database, DocumentTree tree, RootKey root) {
            return resources.documents().ofPrimary(database).read(tree, List.of(root));
        }
    }

    /** In the order of the schema file, database by database. */
    public Flux<ExplainedTree> trees() {
        return places().map(place -> new ExplainedTree(place.tree(), sides.statement(place.database(), place.tree())));
    }

    /** The document of each index in which {@code id} is a possible id; fails with STOP if it is possible in none. */
    public Flux<ExplainedDocument> document(String id) {
        return places().concatMap(place -> Mono.justOrEmpty(
                                DocumentIds.of(place.tree()).keyOf(id))
                        .flatMap(key ->
                                document(place, id, new RootKey(place.tree().index(), key))))
                .switchIfEmpty(Flux.error(() -> new SyncException(
                        Remedy.STOP,
                        "\"" + id + "\" can be no id of a document: the key values of a root, joined by |")));
    }

    private record Place(Database database, DocumentTree tree) {}

    private Flux<Place> places() {
        return databases
                .flatMapIterable(found -> found)
                .concatMap(database -> Flux.fromIterable(database.trees()).map(tree -> new Place(database, tree)));
    }

    private Mono<ExplainedDocument> document(Place place, String id, RootKey root) {
        DocumentTree tree = place.tree();
        Mono<Optional<JsonNode>> stored = sides.stored(tree, id).singleOptional();
        Mono<Optional<DocumentChange>> built =
                sides.built(place.database(), tree, root).next().singleOptional();
        return Mono.zip(stored, built)
                .map(found -> new ExplainedDocument(
                        tree,
                        found.getT1(),
                        found.getT2().flatMap(Explanations::sourceOf),
                        found.getT2().flatMap(Explanations::refusalOf)));
    }

    private static Optional<String> refusalOf(DocumentChange change) {
        return change instanceof Failed failed ? Optional.of(failed.reason()) : Optional.empty();
    }

    private static Optional<JsonNode> sourceOf(DocumentChange change) {
        if (change instanceof Failed failed) {
            return Optional.of(parsed(failed.source()));
        }
        return change instanceof Upsert upsert ? Optional.of(parsed(upsert.source())) : Optional.empty();
    }

    private static JsonNode parsed(byte[] source) {
        try {
            return JSON.readTree(source);
        } catch (IOException e) {
            throw new UncheckedIOException("A document that was built is not JSON", e);
        }
    }
}
