package io.pgsync.core.document;

import com.fasterxml.jackson.core.JsonGenerator;
import io.pgsync.core.document.MetaLayout.Column;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The key values of one document, by column of its {@code _meta}. Not thread-safe. */
final class MetaColumns {
    private final List<Column> columns;
    private final @Nullable List<MetaValue>[] values;

    @SuppressWarnings({"unchecked", "rawtypes"})
    MetaColumns(List<Column> columns) {
        this.columns = columns;
        this.values = new List[columns.size()];
    }

    void add(int column, MetaValue value) {
        List<MetaValue> known = values[column];
        if (known == null) {
            known = new ArrayList<>();
            values[column] = known;
        }
        known.add(value);
    }

    /** Each value to the column of its place; nothing if there are no values or no columns. */
    void addAll(int[] numbers, List<MetaValue> row) {
        for (int i = 0; i < Math.min(numbers.length, row.size()); i++) {
            add(numbers[i], row.get(i));
        }
    }

    /** Tables and columns without values are left out. */
    void write(JsonGenerator json, boolean fractionAsText) throws IOException {
        json.writeStartObject();
        String open = null;
        for (int i = 0; i < values.length; i++) {
            List<MetaValue> found = values[i];
            if (found != null) {
                Column column = columns.get(i);
                open = inTable(json, open, column.table());
                json.writeArrayFieldStart(column.name());
                write(json, found, fractionAsText);
                json.writeEndArray();
            }
        }
        if (open != null) {
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static String inTable(JsonGenerator json, @Nullable String open, String table) throws IOException {
        if (!table.equals(open)) {
            if (open != null) {
                json.writeEndObject();
            }
            json.writeObjectFieldStart(table);
        }
        return table;
    }

    /** Each once, in ascending order. */
    private static void write(JsonGenerator json, List<MetaValue> found, boolean fractionAsText) throws IOException {
        Collections.sort(found);
        MetaValue last = null;
        for (MetaValue value : found) {
            if (!value.equals(last)) {
                value.write(json, fractionAsText);
            }
            last = value;
        }
    }
}
