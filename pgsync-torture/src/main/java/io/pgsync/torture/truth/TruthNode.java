package io.pgsync.torture.truth;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A node of schema.json as written, with the defaults filled in; nothing is checked. */
record TruthNode(JsonNode written, SourceName table, List<TruthNode> children) {
    static TruthNode of(JsonNode written) {
        var table = new SourceName(
                written.path("schema").asText("public"), written.path("table").asText());
        return new TruthNode(
                written,
                table,
                elements(written.path("children")).map(TruthNode::of).toList());
    }

    String label() {
        return written.path("label").isTextual() ? written.path("label").asText() : table.name();
    }

    /** As written; empty stands for all columns. */
    List<String> columns() {
        return texts(written.path("columns"));
    }

    List<String> declaredKey() {
        return texts(written.path("primary_key"));
    }

    boolean isList() {
        return relationship().path("type").asText().equals("one_to_many");
    }

    boolean isScalar() {
        return relationship().path("variant").asText().equals("scalar");
    }

    Optional<SourceName> through() {
        return texts(relationship().path("through_tables")).stream().findFirst().map(this::qualified);
    }

    private SourceName qualified(String name) {
        var dot = name.indexOf('.');
        return dot < 0
                ? new SourceName(table.schema(), name)
                : new SourceName(name.substring(0, dot), name.substring(dot + 1));
    }

    /** Pairs of (parent's column, own column); empty if the constraints decide. */
    List<ColumnPairing> foreignKey() {
        return ColumnPairing.zip(foreignKey("parent"), foreignKey("child"));
    }

    /** With a through table its columns are meant: those that meet the parent, and those that meet the node ({@code child}). */
    List<String> foreignKey(String side) {
        return texts(relationship().path("foreign_key").path(side));
    }

    Optional<String> where() {
        return written.path("where").isTextual()
                ? Optional.of(written.path("where").asText())
                : Optional.empty();
    }

    /** {@code "column"}, {@code "column desc"}, or an object with {@code column} and {@code order}. */
    List<Ordering> sort() {
        return elements(written.path("sort")).map(Ordering::of).toList();
    }

    int limit() {
        return written.path("limit").asInt(Integer.MAX_VALUE);
    }

    JsonNode transform(String kind) {
        return written.path("transform").path(kind);
    }

    /** {@code rename} with targets as text. */
    Map<String, String> renames() {
        var renames = new TreeMap<String, String>();
        transform("rename")
                .properties()
                .forEach(entry -> renames.put(entry.getKey(), entry.getValue().asText()));
        return renames;
    }

    private JsonNode relationship() {
        return written.path("relationship");
    }

    static List<String> texts(JsonNode listOrText) {
        if (listOrText.isTextual()) {
            return List.of(listOrText.asText());
        }
        return elements(listOrText)
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .toList();
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    /** A table or view. */
    record SourceName(String schema, String name) {
        String sql() {
            return SourceRows.quoted(schema) + "." + SourceRows.quoted(name);
        }
    }

    record Ordering(String column, boolean descending) {
        static Ordering of(JsonNode written) {
            if (written.isObject()) {
                return new Ordering(
                        written.path("column").asText(),
                        written.path("order").asText().equals("desc"));
            }
            var text = written.asText();
            return new Ordering(text.replaceFirst("(?i)\\s+(asc|desc)$", ""), text.matches("(?is).*\\sdesc"));
        }

        String sql() {
            return SourceRows.column(column) + (descending ? " DESC NULLS LAST" : " ASC NULLS LAST");
        }
    }

    /** One equality of a join: the column of the row above, and that of the row below. */
    record ColumnPairing(String above, String below) {
        static List<ColumnPairing> zip(List<String> above, List<String> below) {
            return IntStream.range(0, above.size())
                    .mapToObj(i -> new ColumnPairing(above.get(i), below.get(i)))
                    .toList();
        }

        ColumnPairing reversed() {
            return new ColumnPairing(below, above);
        }
    }
}
