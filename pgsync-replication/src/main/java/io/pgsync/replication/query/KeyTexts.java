package io.pgsync.replication.query;

import io.r2dbc.spi.Row;
import java.util.ArrayList;
import java.util.List;

/** Reads the first columns of a result: a root's key as text. */
final class KeyTexts {
    private KeyTexts() {}

    /** Empty if one of them is null: such a row has no key. */
    static List<String> of(Row row, int size) {
        var key = new ArrayList<String>(size);
        for (int i = 0; i < size; i++) {
            String text = row.get(i, String.class);
            if (text == null) {
                return List.of();
            }
            key.add(text);
        }
        return key;
    }
}
