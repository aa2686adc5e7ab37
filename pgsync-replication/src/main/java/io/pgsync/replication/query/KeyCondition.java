package io.pgsync.replication.query;

import io.pgsync.core.catalog.ColumnType;
import io.r2dbc.spi.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * "These columns equal one of these rows", with one text array per column as a parameter. Rows are compared as a whole,
 * so a column that all keys share (a tenant) finds no additional rows.
 */
record KeyCondition(List<String> columns, List<ColumnType> types) {

    String sql() {
        boolean isArray = types.get(0).kind() == ColumnType.Kind.ARRAY;
        return columns.size() == 1 && !isArray ? columns.get(0) + " = ANY (" + array() + ")" : rowIn();
    }

    /**
     * One array of all values, which an index serves best. Not for columns of an array type: an array of arrays has one
     * more dimension.
     */
    private String array() {
        return "CAST(CAST($1 AS text[]) AS " + types.get(0).sqlName() + "[])";
    }

    private String rowIn() {
        String names = each(i -> "w" + i);
        return "(" + String.join(", ", columns) + ") IN (SELECT "
                + each(i -> "CAST(w" + i + " AS " + types.get(i).sqlName() + ")") + " FROM unnest("
                + each(i -> "CAST($" + (i + 1) + " AS text[])") + ") AS wanted (" + names + "))";
    }

    private String each(IntFunction<String> part) {
        return IntStream.range(0, columns.size()).mapToObj(part).collect(Collectors.joining(", "));
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
