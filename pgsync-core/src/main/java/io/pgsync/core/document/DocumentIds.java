package io.pgsync.core.document;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.catalog.ColumnType;
import io.pgsync.core.catalog.KeyText;
import io.pgsync.core.tree.DocumentTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes {@code _id}s from root keys, and reads them back: the key values joined by {@code |}.
 *
 * <p>If a value of a composite key contains the separator, all values but the last are escaped with a backslash, so
 * that different keys have different ids. Such an id has more separators than a plain one, so the two forms cannot be
 * confused.
 */
public final class DocumentIds {
    private static final char SEPARATOR = '|';
    private static final char ESCAPE = '\\';

    private final List<ColumnType> types;

    private DocumentIds(List<ColumnType> types) {
        this.types = types;
    }

    /** The ids of one tree's documents, by the key columns of its root. */
    public static DocumentIds of(DocumentTree tree) {
        return new DocumentIds(
                tree.root().key().stream().map(tree.root()::typeOf).toList());
    }

    /**
     * How the ids of this tree differ from those of earlier versions of this program, in a word; empty if they do not.
     * An index that was loaded with other ids must be loaded again.
     */
    public String form() {
        boolean hasOtherTexts = types.stream().anyMatch(KeyText::isCastOtherwise);
        boolean mayBeEscaped = types.subList(0, types.size() - 1).stream().anyMatch(KeyText::mayContainBars);
        return hasOtherTexts || mayBeEscaped ? "ids 2" : "";
    }

    /** The id of the root with this key. */
    public String idOf(List<String> key) {
        var parts = new ArrayList<String>(key.size());
        for (int i = 0; i < key.size(); i++) {
            parts.add(KeyText.inId(types.get(i), key.get(i)));
        }
        if (types.size() > 1 && parts.stream().anyMatch(part -> part.indexOf(SEPARATOR) >= 0)) {
            parts.subList(0, parts.size() - 1).replaceAll(DocumentIds::escaped);
        }
        return String.join(String.valueOf(SEPARATOR), parts);
    }

    /** The id of the root's document; for a root that can have none, the parts of its key. */
    public String shownIdOf(RootKey root) {
        return root.canHaveDocument() ? idOf(root.key()) : String.join(String.valueOf(SEPARATOR), root.shown());
    }

    private static String escaped(String part) {
        return part.replace("\\", "\\\\").replace("|", "\\|");
    }

    /** The part of the id that comes from the first key column; {@code _meta} lists the root under it. */
    String firstPartOf(List<String> key) {
        return KeyText.inId(types.get(0), key.get(0));
    }

    /** The key of an id. Empty if the number or form of its parts makes it impossible in this tree. */
    public Optional<List<String>> keyOf(String id) {
        List<String> parts = partsOf(id);
        if (parts.size() < types.size()) {
            return Optional.empty();
        }
        var key = new ArrayList<String>(types.size());
        for (int i = 0; i < types.size(); i++) {
            if (!KeyText.canBeInId(types.get(i), parts.get(i))) {
                return Optional.empty();
            }
            key.add(KeyText.fromId(types.get(i), parts.get(i)));
        }
        return Optional.of(List.copyOf(key));
    }

    /** The key of the root whose document has exactly this id. Empty if there can be none. */
    public Optional<List<String>> rootOf(String id) {
        return keyOf(id).filter(key -> idOf(key).equals(id));
    }

    /**
     * As many parts as the key has columns, or fewer: everything after the last separator that counts is the last part.
     */
    private List<String> partsOf(String id) {
        boolean escapes = id.chars().filter(c -> c == SEPARATOR).count() >= types.size();
        var parts = new ArrayList<String>(types.size());
        var part = new StringBuilder();
        int at = 0;
        for (; at < id.length() && parts.size() < types.size() - 1; at++) {
            char c = id.charAt(at);
            if (escapes && c == ESCAPE && at + 1 < id.length()) {
                part.append(id.charAt(++at));
            } else if (c == SEPARATOR) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part + id.substring(at));
        return parts;
    }
}
