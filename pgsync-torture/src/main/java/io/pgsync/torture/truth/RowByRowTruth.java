package io.pgsync.torture.truth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.pgsync.torture.truth.SourceRows.SourceRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the documents of a schema.json are on a database as it is now: whole tables are read with plain queries and joined in memory. Slow,
 * and meant to be so plain that it can be believed.
 */
public final class RowByRowTruth {
    private final SourceRows source;
    private final TruthCatalog catalog;

    private RowByRowTruth(Connection connection) throws SQLException {
        this.catalog = new TruthCatalog(connection);
        this.source = new SourceRows(connection, catalog);
    }

    /** The documents of all entries of {@code schema}; the connection's session is left with UTC and ISO dates. */
    public static List<TrueDocument> of(Connection connection, JsonNode schema) throws SQLException {
        try (var session = connection.createStatement()) {
            session.execute("SET TimeZone = 'UTC'");
            session.execute("SET DateStyle = 'ISO, YMD'");
            session.execute("SET IntervalStyle = 'postgres'");
        }
        var truth = new RowByRowTruth(connection);
        var documents = new ArrayList<TrueDocument>();
        for (var entry : schema) {
            documents.addAll(truth.documents(entry));
        }
        return documents;
    }

    private List<TrueDocument> documents(JsonNode entry) throws SQLException {
        var node = TruthNode.of(entry.path("nodes"));
        var root = Branch.root(node, catalog, source);
        return root.rows().stream().map(row -> document(entry, node, root, row)).toList();
    }

    private TrueDocument document(JsonNode entry, TruthNode node, Branch root, SourceRow row) {
        var keys = new KeyTally();
        keys.add(
                node.table().name(),
                row.key().get(0),
                TextNode.valueOf(row.keyTexts().get(0)));
        var document = TruthTransforms.transformed(root.objectOf(row, keys), node);
        document.set("_meta", keys.toJson());
        return new TrueDocument(
                entry.path("index").asText(entry.path("database").asText()),
                id(row.keyTexts()),
                routing(entry, document),
                document);
    }

    private static Optional<String> routing(JsonNode entry, JsonNode document) {
        var value = document.path(entry.path("routing").asText());
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value.asText());
    }

    /** A separator inside the key's texts is none: what stands before the last of them is escaped then. */
    private static String id(List<String> keyTexts) {
        var texts = new ArrayList<>(keyTexts);
        if (String.join("", texts).contains("|")) {
            for (int i = 0; i < texts.size() - 1; i++) {
                texts.set(i, texts.get(i).replaceAll("[|\\\\]", "\\\\$0"));
            }
        }
        return String.join("|", texts);
    }
}
