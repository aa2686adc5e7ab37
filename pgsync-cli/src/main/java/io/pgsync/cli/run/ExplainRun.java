package io.pgsync.cli.run;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.cli.config.ConfigurationException;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.explain.Explanation;
import io.pgsync.cli.explain.SideBySide;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.StoredDocuments;
import io.pgsync.replication.query.PostgresDocumentReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** Tells what a schema file means on its database, and how its documents stand. Reads only. All methods block. */
public final class ExplainRun {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final Settings settings;
    private final PrintWriter out;

    public ExplainRun(Settings settings, PrintWriter out) {
        this.settings = settings;
        this.out = out;
    }

    /** Trees, statements, paths and indexes of all documents of the file. */
    public void print() {
        forEachTree((wiring, database, tree) ->
                new Explanation(tree, out).print(wiring.documents(database).statementOf(tree)));
    }

    /** The indexes of the database that the documents need, and which of them are missing. */
    public void printIndexes() {
        forEachTree((wiring, database, tree) -> new Explanation(tree, out).printIndexes());
    }

    /** One document of each index where it may be one, as it would be built now beside what is stored. */
    public void printDocument(String id) {
        boolean[] possible = {false};
        forEachTree((wiring, database, tree) -> {
            Optional<List<String>> key = DocumentIds.of(tree).keyOf(id);
            if (key.isPresent()) {
                possible[0] = true;
                var root = new RootKey(tree.index(), key.get());
                var document = new SideBySide(
                        new StoredDocuments(wiring.engine()).find(tree, id).blockOptional(),
                        built(wiring.documents(database), tree, root));
                new Explanation(tree, out).printDocument(id, document);
            }
        });
        if (!possible[0]) {
            throw new ConfigurationException(
                    List.of("\"" + id + "\" can be no id of a document: the key values of a root, joined by |"));
        }
    }

    private Optional<JsonNode> built(PostgresDocumentReader documents, DocumentTree tree, RootKey root) {
        return documents.read(tree, List.of(root)).next().blockOptional().flatMap(this::sourceOf);
    }

    private Optional<JsonNode> sourceOf(DocumentChange change) {
        if (change instanceof Failed failed) {
            out.println("It could not be stored: " + failed.reason());
            return Optional.of(parsed(failed.source()));
        }
        return change instanceof Upsert upsert ? Optional.of(parsed(upsert.source())) : Optional.empty();
    }

    private static JsonNode parsed(byte[] source) {
        try {
            return JSON.readTree(source);
        } catch (IOException e) {
            throw new UncheckedIOException("A document that was built is no JSON", e);
        }
    }

    private interface Work {
        void on(Wiring wiring, Database database, DocumentTree tree);
    }

    private void forEachTree(Work work) {
        try (var wiring = Wiring.of(RunConfigs.from(settings))) {
            for (Database database :
                    wiring.databases(SchemaText.load(settings)).blockOptional().orElseThrow()) {
                database.trees().forEach(tree -> work.on(wiring, database, tree));
            }
        }
        out.flush();
    }
}
