package io.pgsync.torture.truth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.torture.truth.SourceRows.SourceRow;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code _meta}: by table and column, the distinct keys of the rows that a document is made of. */
final class KeyTally {
    private final Map<String, Map<String, Map<String, JsonNode>>> tables = new TreeMap<>();

    /** A row without a value in a column adds nothing for it. */
    void add(String table, List<String> columns, SourceRow row) {
        for (var column : columns) {
            var value = row.keyValue(column);
            if (!value.isNull()) {
                add(table, column, value);
            }
        }
    }

    void add(String table, String column, JsonNode value) {
        tables.computeIfAbsent(table, name -> new TreeMap<>())
                .computeIfAbsent(column, name -> new TreeMap<>())
                .put(value.toString(), value);
    }

    ObjectNode toJson() {
        var json = SourceRows.JSON.createObjectNode();
        tables.forEach((table, columns) -> {
            var entry = json.putObject(table);
            columns.forEach((column, values) -> entry.putArray(column).addAll(values.values()));
        });
        return json;
    }
}
