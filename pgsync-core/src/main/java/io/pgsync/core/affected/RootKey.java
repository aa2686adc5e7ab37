package io.pgsync.core.affected;

import java.util.List;

/**
 * Names one document: the index and the root row's key in text form, in the order of the root node's key columns. A row with a null in its key
 * (of a view, or of a table without a primary key) has no name, so no document: its key is empty.
 */
public record RootKey(String index, List<String> key) {
    /** In front of what is no text: no text of PostgreSQL has this character. */
    private static final String NO_TEXT = "\0";

    public RootKey {
        key = List.copyOf(key);
    }

    /** For all rows of an index's root that have no whole key. */
    public static RootKey none(String index) {
        return new RootKey(index, List.of());
    }

    /** Of a row whose key is no text, so that it can have no document. {@code shown}: what can be shown of each value. */
    public static RootKey unreadable(String index, List<String> shown) {
        return new RootKey(index, shown.stream().map(NO_TEXT::concat).toList());
    }

    /** Whether it stands for all rows without a whole key. */
    public boolean isNone() {
        return key.isEmpty();
    }

    /** False where a part of the key is no text. */
    public boolean isReadable() {
        return key.stream().noneMatch(part -> part.startsWith(NO_TEXT));
    }

    /** False for a root that is only named to be refused. */
    public boolean canHaveDocument() {
        return !isNone() && isReadable();
    }

    /** The key, or what can be shown of it. */
    public List<String> shown() {
        return key.stream()
                .map(part -> part.startsWith(NO_TEXT) ? part.substring(1) : part)
                .toList();
    }
}
