package io.pgsync.replication.query;

import io.pgsync.core.schema.ColumnType;
import io.r2dbc.spi.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * "These columns equal one of these rows", with one text array for each column as parameter. Rows are compared whole, so a column that all
 * keys share (a tenant) widens nothing.
 */
record KeyCondition(List<String> columns, List<ColumnType> types) {

    String sql() {
        return columns.size() == 1 ? columns.get(0) + " = ANY (" + array(0) + ")" : rowIn();
    }

    private String array(int i) {
        return "CAST(CAST($" + (i + 1) + " AS text[]) AS " + types.get(i).sqlName() + "[])";
    }

    private String rowIn() {
        String wanted =
                IntStream.range(0, columns.size()).mapToObj(i -> "w" + i).collect(Collectors.joining(", "));
        String arrays = IntStream.range(0, columns.size()).mapToObj(this::array).collect(Collectors.joining(", "));
        return "(" + String.join(", ", columns) + ") IN (SELECT " + wanted + " FROM unnest(" + arrays + ") AS wanted ("
                + wanted + "))";
    }

    /** Binds {@code rows}, each a list of texts in the order of the columns. */
    void bind(Statement statement, List<List<String>> rows) {
        for (int i = 0; i < columns.size(); i++) {
            var values = new ArrayList<String>(rows.size());
            for (List<String> row : rows) {
                values.add(row.get(i));
            }
            statement.bind("$" + (i + 1), values.toArray(String[]::new));
        }
    }
}
