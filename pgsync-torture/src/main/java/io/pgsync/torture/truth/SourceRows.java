package io.pgsync.torture.truth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.torture.truth.TruthNode.Ordering;
import io.pgsync.torture.truth.TruthNode.SourceName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads whole tables. */
final class SourceRows {
    /** Keeps every digit of a number. */
    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final Connection connection;
    private final TruthCatalog catalog;

    SourceRows(Connection connection, TruthCatalog catalog) {
        this.connection = connection;
        this.catalog = catalog;
    }

    /** The node's rows that meet its condition, in the order that its list has them. */
    List<SourceRow> of(TruthNode node) throws SQLException {
        var key = catalog.key(node);
        var order = Stream.concat(
                        node.sort().stream().map(Ordering::sql), key.stream().map(SourceRows::column))
                .collect(Collectors.joining(", "));
        return read(
                node.table(),
                key,
                node.where().orElse("true"),
                order,
                node.columns().contains("xmin"));
    }

    /** Also those that do not meet its condition. */
    List<SourceRow> all(TruthNode node) throws SQLException {
        return read(node.table(), List.of(), "true", "", false);
    }

    List<SourceRow> ofThrough(SourceName table) throws SQLException {
        var key = catalog.primaryKey(table);
        var order = key.stream().map(SourceRows::column).collect(Collectors.joining(", "));
        return read(table, key, "true", order, false);
    }

    private List<SourceRow> read(SourceName table, List<String> key, String condition, String order, boolean withXmin)
            throws SQLException {
        var row = withXmin ? "to_jsonb(\"whole row\") || jsonb_build_object('xmin', xmin)" : "to_jsonb(\"whole row\")";
        var types = catalog.columns(table);
        var sql = "SELECT " + row + ", " + texts(types.keySet()) + " FROM " + source(table)
                + " AS \"whole row\" WHERE (" + condition + ")" + (order.isEmpty() ? "" : " ORDER BY " + order);
        var rows = new ArrayList<SourceRow>();
        try (var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            var result = statement.executeQuery(sql);
            while (result.next()) {
                var texts = parse(result.getString(2));
                var keyTexts = key.stream()
                        .map(column -> PythonText.ofColumn(
                                types.getOrDefault(column, ""),
                                texts.path(column).asText()))
                        .toList();
                rows.add(new SourceRow(rows.size(), parse(result.getString(1)), texts, key, keyTexts));
            }
        }
        return rows;
    }

    /** What the types' output functions write, which a cast to text may not. A call takes a hundred arguments. */
    private static String texts(Collection<String> columns) {
        return columns.stream()
                .map(column -> "jsonb_build_object('%s', format('%%s', %s))"
                        .formatted(column.replace("'", "''"), column(column)))
                .collect(Collectors.joining(" || ", "'{}'::jsonb || ", ""));
    }

    /** A materialized view as it will be once refreshed: what its query gives now. */
    private String source(SourceName table) throws SQLException {
        try (var statement = connection.prepareStatement(
                "SELECT pg_get_viewdef(to_regclass(?)) FROM pg_class WHERE oid = to_regclass(?) AND relkind = 'm'")) {
            statement.setString(1, table.sql());
            statement.setString(2, table.sql());
            var definition = statement.executeQuery();
            return definition.next() ? "(" + definition.getString(1).replaceFirst(";\\s*$", "") + ")" : table.sql();
        }
    }

    /** Qualified: an ORDER BY would take a bare name for the text of the key beside it. */
    static String column(String name) {
        return "\"whole row\"." + quoted(name);
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static ObjectNode parse(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code place}: its rank among the rows read with it. {@code texts}: of all columns. {@code keyTexts} follow {@code key}. */
    record SourceRow(int place, ObjectNode values, ObjectNode texts, List<String> key, List<String> keyTexts) {
        JsonNode value(String column) {
            var value = values.get(column);
            if (value == null) {
                throw new IllegalArgumentException("No column " + column + " among " + names());
            }
            return value;
        }

        /** Of a column of a key: what is no scalar in JSON is the server's text. */
        JsonNode keyValue(String column) {
            var value = value(column);
            return value.isContainerNode() ? texts.path(column) : value;
        }

        private List<String> names() {
            return values.properties().stream().map(Map.Entry::getKey).toList();
        }
    }
}
