package io.pgsync.core.document;

import io.pgsync.core.schema.ColumnType;
import io.pgsync.core.schema.DocumentTree;
import io.pgsync.core.schema.KeyText;
import java.util.ArrayList;
import java.util.List;

/** Makes {@code _id}s out of root keys, and reads them back: the key values joined by {@code |}. */
public final class DocumentIds {
    /** An id with so many readings is nobody's; it bounds the work that a hostile key can cause. */
    private static final int MOST_READINGS = 64;

    private final List<ColumnType> types;

    private DocumentIds(List<ColumnType> types) {
        this.types = types;
    }

    public static DocumentIds of(DocumentTree tree) {
        return new DocumentIds(
                tree.root().key().stream().map(tree.root()::typeOf).toList());
    }

    /** The id of the root with this key. */
    public String idOf(List<String> key) {
        var id = new StringBuilder(firstPartOf(key));
        for (int i = 1; i < key.size(); i++) {
            id.append('|').append(KeyText.inId(types.get(i), key.get(i)));
        }
        return id.toString();
    }

    /** The part of the id that the first key column makes; {@code _meta} lists the root under it. */
    String firstPartOf(List<String> key) {
        return KeyText.inId(types.get(0), key.get(0));
    }

    /**
     * The keys an id can stand for: one, except where values of a composite key contain the separator themselves. Empty when it can be no
     * id of this tree, for the number of its parts or their form.
     */
    public List<List<String>> keysOf(String id) {
        var readings = new ArrayList<List<String>>();
        addReadings(id, List.of(), readings);
        return readings;
    }

    private void addReadings(String rest, List<String> before, List<List<String>> readings) {
        ColumnType type = types.get(before.size());
        if (before.size() == types.size() - 1) {
            if (KeyText.canBeInId(type, rest)) {
                readings.add(appended(before, KeyText.fromId(type, rest)));
            }
            return;
        }
        for (int bar = rest.indexOf('|');
                bar >= 0 && readings.size() < MOST_READINGS;
                bar = rest.indexOf('|', bar + 1)) {
            String part = rest.substring(0, bar);
            if (KeyText.canBeInId(type, part)) {
                addReadings(rest.substring(bar + 1), appended(before, KeyText.fromId(type, part)), readings);
            }
        }
    }

    private static List<String> appended(List<String> before, String value) {
        var longer = new ArrayList<>(before);
        longer.add(value);
        return longer;
    }
}
