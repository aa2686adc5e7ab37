package io.pgsync.core.affected;

import io.pgsync.core.catalog.ColumnPair;
import io.pgsync.core.catalog.ColumnType;
import io.pgsync.core.catalog.KeyText;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.JoinStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The way from one role of a table in a tree up to the root: the joins to walk, lowest first. A table has one path for
 * each of its places in the tree; the root's own path has no steps.
 *
 * @param metaColumns the columns under which {@code _meta.<metaTable>} lists rows of this role
 * @param used the columns of {@link #start} on which documents depend by way of this role; empty if it may be any
 */
public record PathToRoot(
        DocumentTree tree,
        TableDefinition start,
        List<JoinStep> steps,
        String metaTable,
        List<String> metaColumns,
        Optional<UsedColumns> used) {
    private static final Set<String> INTEGERS = Set.of("int2", "int4", "int8");

    public PathToRoot {
        steps = List.copyOf(steps);
        metaColumns = List.copyOf(metaColumns);
    }

    /** Whether the rows themselves are roots, so that there is nothing to walk. */
    public boolean isRoot() {
        return steps.isEmpty();
    }

    /**
     * Whether the rows belong to a base table of a view in the tree, which shows them under the same key; the view
     * itself has no changes.
     */
    public boolean isBaseOfView() {
        return !isRoot() && !start.name().table().equals(metaTable);
    }

    /** Whether {@code _meta} lists the rows as root rows, in the form of ids. */
    public boolean namesRoots() {
        return isRoot() || (isBaseOfView() && steps.size() == 1);
    }

    /** Whether the upper table of the first step refers to the link's columns by an enforced constraint. */
    boolean isReferencedFromAbove() {
        if (isRoot()) {
            return false;
        }
        JoinStep first = steps.get(0);
        return first.upper().foreignKeys().stream().anyMatch(key -> key.enforces(first.pairs(), start.name()));
    }

    /** The columns of {@link #start} that decide to which upper rows, and so to which roots, a row belongs. */
    public List<String> linkColumns() {
        return isRoot() ? tree.root().key() : steps.get(0).lowerColumns();
    }

    /** The type of one of the starting table's columns. */
    public ColumnType typeOf(String column) {
        return start.column(column)
                .orElseThrow(() -> new IllegalStateException(column + " is not in " + start.name()))
                .type();
    }

    /**
     * The root key that a link itself names, without a question to the source. This needs a link to exactly the root's
     * key, and types of which equal values have equal texts.
     *
     * @param link values of {@link #linkColumns()}
     */
    Optional<List<String>> rootKeyOf(List<String> link) {
        if (isRoot()) {
            return Optional.of(link);
        }
        if (steps.size() > 1 || steps.get(0).pairs().size() != tree.root().key().size()) {
            return Optional.empty();
        }
        var key = new ArrayList<String>();
        for (String column : tree.root().key()) {
            List<ColumnPair> pairs = steps.get(0).pairs();
            for (int i = 0; i < pairs.size(); i++) {
                if (pairs.get(i).upper().equals(column) && sameTexts(pairs.get(i))) {
                    key.add(link.get(i));
                    break;
                }
            }
        }
        return key.size() == link.size() ? Optional.of(key) : Optional.empty();
    }

    private boolean sameTexts(ColumnPair pair) {
        ColumnType lower = typeOf(pair.lower());
        ColumnType upper = tree.root().typeOf(pair.upper());
        // A view shows the value itself; otherwise equal values may have different texts (1.0 and 1.00).
        return (isBaseOfView() && lower.equals(upper)) || sameTexts(lower, upper);
    }

    /** Whether equal values of the two types always have equal texts. */
    static boolean sameTexts(ColumnType one, ColumnType other) {
        return (INTEGERS.contains(one.baseName()) && INTEGERS.contains(other.baseName()))
                || (one.baseName().equals("uuid") && other.baseName().equals("uuid"));
    }

    /** Values of {@link #metaColumns()} as {@code _meta} lists them. */
    List<String> inMeta(List<String> texts) {
        var values = new ArrayList<String>(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            ColumnType type = typeOf(metaColumns.get(i));
            values.add(namesRoots() ? KeyText.inId(type, texts.get(i)) : KeyText.inJson(type, texts.get(i)));
        }
        return values;
    }
}
