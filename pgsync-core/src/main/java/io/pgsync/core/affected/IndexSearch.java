package io.pgsync.core.affected;

import java.util.List;
import java.util.Optional;

/**
 * A search of an index for the documents that hold certain rows.
 *
 * @param table whose lists in {@code _meta} are searched
 * @param columns by which these lists name a row
 * @param keys a list for each row, in the order of {@code columns}; empty: every document with any row of the table
 */
public record IndexSearch(String index, String table, List<String> columns, Optional<List<List<String>>> keys) {
    public IndexSearch {
        columns = List.copyOf(columns);
        keys = keys.map(List::copyOf);
    }
}
