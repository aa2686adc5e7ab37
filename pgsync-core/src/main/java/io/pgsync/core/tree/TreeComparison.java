package io.pgsync.core.tree;

import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.catalog.ColumnDefinition;
import io.pgsync.core.catalog.ColumnPair;
import io.pgsync.core.catalog.ColumnType;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.schema.SortColumn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out whether a tree still fits its tables. Only what the tree uses counts: columns that were added, or that no
 * node shows, may come and go. A column that is only shown may be widened within a family of types whose values look
 * the same. A column that decides to which document a row belongs is cast to its type in queries, so its type must stay
 * exactly the same.
 */
public final class TreeComparison {
    static final List<Set<String>> SAME_LOOK = List.of(Set.of("int2", "int4", "int8"), Set.of("varchar", "text"));

    private final DocumentTree tree;
    private final Catalog now;
    private final List<Divergence> drifts = new ArrayList<>();

    private TreeComparison(DocumentTree tree, Catalog now) {
        this.tree = tree;
        this.now = now;
    }

    /** In the order of the nodes; {@code now} must have been read for the tables of the tree. */
    public static List<Divergence> drifts(DocumentTree tree, Catalog now) {
        var comparison = new TreeComparison(tree, now);
        comparison.compare(tree.root(), Optional.empty());
        return List.copyOf(comparison.drifts);
    }

    private void compare(TreeNode node, Optional<TreeNode> parent) {
        find(node, node.table()).ifPresent(table -> {
            keys(node, node.table(), table, node.key());
            keys(node, node.table(), table, node.metaColumns());
            keys(
                    node,
                    node.table(),
                    table,
                    node.sort().stream().map(SortColumn::column).toList());
            node.fields().forEach(field -> shown(node, table, field.column()));
        });
        node.baseTables()
                .forEach(base -> find(node, base).ifPresent(table -> keys(node, base, table, base.primaryKey())));
        node.join().ifPresent(join -> compare(node, join, parent.orElseThrow().table()));
        node.children().forEach(child -> compare(child, Optional.of(node)));
    }

    private void compare(TreeNode node, Join join, TableDefinition parent) {
        List<JoinStep> steps = join.steps(parent, node.table());
        join.through().ifPresent(through -> {
            List<String> key = through.table().key();
            find(node, through.table().table()).ifPresent(table -> {
                keys(node, through.table().table(), table, key);
                enforced(node, through, table);
            });
            referenced(node, steps.get(0), key);
        });
        referenced(node, steps.get(steps.size() - 1), node.metaColumns());
        for (JoinStep step : steps) {
            linked(node, step.upper(), step.upperColumns());
            linked(node, step.lower(), step.lowerColumns());
        }
    }

    /** Finds a dropped constraint on which documents rely: because of it they do not keep the keys of through rows. */
    private void enforced(TreeNode node, Join.Through through, TableDefinition now) {
        if (!through.hidesKeys() && through.over(now).hidesKeys()) {
            add(
                    node,
                    "needs the foreign key of \"%s\" on (%s), or that it is NOT NULL, which was dropped"
                            .formatted(
                                    now.name(),
                                    String.join(
                                            ", ",
                                            through.toNode().stream()
                                                    .map(ColumnPair::upper)
                                                    .toList())));
        }
    }

    /**
     * Finds a constraint from above that is needed, but no longer enforced. It is needed if the log has neither the old
     * link of a row nor the columns by which documents list the row: the constraint then makes the rows that pointed at
     * the old link change too.
     */
    private void referenced(TreeNode node, JoinStep step, List<String> listed) {
        boolean wasReferenced = isReferenced(step.upper(), step);
        if (!wasReferenced || logsOld(step.lower(), step.lowerColumns()) || logsOld(step.lower(), listed)) {
            return;
        }
        now.table(step.upper().name())
                .filter(table -> !isReferenced(table, step))
                .ifPresent(table -> add(
                        node,
                        "needs the foreign key of \"%s\" on (%s), which was dropped or is no longer enforced"
                                .formatted(table.name(), String.join(", ", step.upperColumns()))));
    }

    private static boolean isReferenced(TableDefinition upper, JoinStep step) {
        return upper.foreignKeys().stream()
                .anyMatch(key -> key.enforces(step.pairs(), step.lower().name()));
    }

    /** Whether the log has the old values of these columns for an update that changes them. */
    private static boolean logsOld(TableDefinition table, List<String> columns) {
        boolean inKey = table.primaryKey().containsAll(columns);
        return switch (table.replicaIdentity()) {
            case PRIMARY_KEY -> inKey;
            case FULL -> inKey || table.kind() == TableDefinition.Kind.TABLE;
            case UNIQUE_INDEX, NOTHING -> false;
        };
    }

    /** Ignores a table that is gone: its own node reports it. */
    private void linked(TreeNode node, TableDefinition table, List<String> columns) {
        now.table(table.name()).ifPresent(found -> keys(node, table, found, columns));
    }

    private Optional<TableDefinition> find(TreeNode node, TableDefinition then) {
        Optional<TableDefinition> found = now.table(then.name());
        if (found.isEmpty()) {
            add(node, "needs \"%s\", which is gone (dropped or renamed)".formatted(then.name()));
            return found;
        }
        TableDefinition table = found.get();
        if (table.kind() != then.kind()) {
            add(node, "needs \"%s\", which became another kind of table".formatted(then.name()));
        }
        if (!Set.copyOf(table.heirs()).equals(Set.copyOf(then.heirs()))) {
            add(
                    node,
                    "needs \"%s\", from which %s inherited and now %s do"
                            .formatted(then.name(), then.heirs(), table.heirs()));
        }
        if (!table.primaryKey().equals(then.primaryKey())) {
            add(
                    node,
                    "needs \"%s\", whose primary key was (%s) and is now (%s)"
                            .formatted(
                                    then.name(),
                                    String.join(", ", then.primaryKey()),
                                    String.join(", ", table.primaryKey())));
        }
        return found;
    }

    private void keys(TreeNode node, TableDefinition then, TableDefinition table, Collection<String> columns) {
        for (String column : columns) {
            ColumnDefinition before = then.column(column).orElseThrow();
            checkColumn(node, table, before, after -> after.equals(before.type()));
        }
    }

    private void shown(TreeNode node, TableDefinition table, String column) {
        ColumnDefinition before = node.table().column(column).orElseThrow();
        checkColumn(node, table, before, after -> after.equals(before.type()) || looksTheSame(before.type(), after));
    }

    private static boolean looksTheSame(ColumnType before, ColumnType after) {
        return SAME_LOOK.stream()
                .anyMatch(family -> family.contains(before.baseName()) && family.contains(after.baseName()));
    }

    private interface Fit {
        boolean with(ColumnType after);
    }

    private void checkColumn(TreeNode node, TableDefinition table, ColumnDefinition before, Fit fit) {
        Optional<ColumnDefinition> found = table.column(before.name());
        if (found.isEmpty()) {
            add(
                    node,
                    "uses column \"%s\" of \"%s\", which is gone (dropped or renamed)"
                            .formatted(before.name(), table.name()));
        } else if (!fit.with(found.get().type())) {
            add(
                    node,
                    "uses column \"%s\" of \"%s\", which was %s and is now %s"
                            .formatted(
                                    before.name(),
                                    table.name(),
                                    before.type().sqlName(),
                                    found.get().type().sqlName()));
        } else if (found.get().number() != before.number()) {
            add(
                    node,
                    "uses column \"%s\" of \"%s\", which was dropped and added again, or is another one that was renamed"
                            .formatted(before.name(), table.name()));
        }
    }

    private void add(TreeNode node, String what) {
        var drift = new Divergence(Kind.SCHEMA_DRIFT, tree.index(), "node %s %s".formatted(node.pointer(), what));
        if (!drifts.contains(drift)) {
            drifts.add(drift);
        }
    }
}
