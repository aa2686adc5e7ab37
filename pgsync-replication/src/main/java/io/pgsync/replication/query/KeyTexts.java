package io.pgsync.replication.query;

import io.r2dbc.spi.Row;
import java.util.ArrayList;
import java.util.List;

/** Reads the leading columns of a result, a root's key as text. */
final class KeyTexts {
    private KeyTexts() {}

    static List<String> of(Row row, int size) {
        var key = new ArrayList<String>(size);
        for (int i = 0; i < size; i++) {
            key.add(row.get(i, String.class));
        }
        return key;
    }
}
