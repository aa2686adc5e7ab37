package io.pgsync.core.affected;

import java.util.List;

/**
 * Names one document: the index, and the root row's key as text, in the order of the root node's key columns. A row
 * with a null in its key (of a view, or of a table without a primary key) has no name and therefore no document: its
 * key is empty.
 */
public record RootKey(String index, List<String> key) {
    /** Precedes values that are not valid text: no text in PostgreSQL contains this character. */
    private static final String NO_TEXT = "\0";

    public RootKey {
        key = List.copyOf(key);
    }

    /** Stands for all rows of an index's root that lack a part of their key. */
    public static RootKey none(String index) {
        return new RootKey(index, List.of());
    }

    /**
     * For a row whose key is not valid text, so that it can have no document. {@code shown}: each value in a form for
     * messages.
     */
    public static RootKey unreadable(String index, List<String> shown) {
        return new RootKey(index, shown.stream().map(NO_TEXT::concat).toList());
    }

    /** Whether it stands for all rows that lack a part of their key. */
    public boolean isNone() {
        return key.isEmpty();
    }

    /** False if a part of the key is not valid text. */
    public boolean isReadable() {
        return key.stream().noneMatch(part -> part.startsWith(NO_TEXT));
    }

    /** False for a root that is named only to be refused. */
    public boolean canHaveDocument() {
        return !isNone() && isReadable();
    }

    /** The key, or its form for messages. */
    public List<String> shown() {
        return key.stream()
                .map(part -> part.startsWith(NO_TEXT) ? part.substring(1) : part)
                .toList();
    }
}
