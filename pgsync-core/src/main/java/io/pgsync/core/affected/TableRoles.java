package io.pgsync.core.affected;

import io.pgsync.core.catalog.ColumnPair;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.change.TableName;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Join;
import io.pgsync.core.tree.JoinStep;
import io.pgsync.core.tree.TreeNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Every role of a table in the trees: root, node, through table or base table of a view, each as often as it is
 * declared.
 */
public final class TableRoles {
    private final Map<TableName, List<PathToRoot>> roles = new LinkedHashMap<>();

    private TableRoles() {}

    /** All roles of all {@code trees}, which may belong to several indexes. */
    public static TableRoles of(Collection<DocumentTree> trees) {
        var all = new TableRoles();
        for (DocumentTree tree : trees) {
            all.add(tree, tree.root(), List.of());
        }
        return all;
    }

    /** The paths of one table, including those of the tables from which it inherits; empty if it is in no tree. */
    public List<PathToRoot> of(TableName table) {
        return roles.getOrDefault(table, List.of());
    }

    /** All tables whose changes matter. */
    public Set<TableName> tables() {
        return Set.copyOf(roles.keySet());
    }

    /** All paths of all tables, in the order of the trees. */
    public List<PathToRoot> all() {
        return roles.entrySet().stream()
                .flatMap(table -> table.getValue().stream()
                        .filter(role -> role.start().name().equals(table.getKey())))
                .toList();
    }

    private void add(DocumentTree tree, TreeNode node, List<JoinStep> up) {
        String metaTable = node.table().name().table();
        addRole(new PathToRoot(tree, node.table(), up, metaTable, node.metaColumns(), UsedColumns.of(node)));
        for (TableDefinition base : node.baseTables()) {
            // The view may join several tables; each supplies a part of its key.
            var sameKey = base.primaryKey().stream()
                    .map(column -> new ColumnPair(column, column))
                    .toList();
            addRole(new PathToRoot(
                    tree,
                    base,
                    prepended(new JoinStep(base, node.table(), sameKey), up),
                    metaTable,
                    node.metaColumns(),
                    // What a view reads of its tables only the server knows.
                    Optional.empty()));
        }
        for (TreeNode child : node.children()) {
            add(tree, child, upFrom(tree, child, node, up));
        }
    }

    private List<JoinStep> upFrom(DocumentTree tree, TreeNode child, TreeNode parent, List<JoinStep> up) {
        Join join = child.join().orElseThrow(() -> new IllegalStateException("No join at " + child.pointer()));
        var path = new ArrayList<JoinStep>(up);
        join.steps(parent.table(), child.table()).forEach(step -> path.add(0, step));
        // The lowest step leads from the node to the through table.
        join.through().ifPresent(through -> addThrough(tree, through, path.subList(1, path.size())));
        return path;
    }

    private void addThrough(DocumentTree tree, Join.Through through, List<JoinStep> up) {
        TableDefinition table = through.table().table();
        addRole(new PathToRoot(
                tree, table, up, table.name().table(), through.table().key(), Optional.of(UsedColumns.of(through))));
    }

    private void addRole(PathToRoot role) {
        roles.computeIfAbsent(role.start().name(), table -> new ArrayList<>()).add(role);
        // Rows of an inheriting table are also rows of this table, with the same columns and perhaps more.
        role.start()
                .heirs()
                .forEach(heir ->
                        roles.computeIfAbsent(heir, table -> new ArrayList<>()).add(role));
    }

    private static List<JoinStep> prepended(JoinStep first, List<JoinStep> rest) {
        var steps = new ArrayList<JoinStep>(rest.size() + 1);
        steps.add(first);
        steps.addAll(rest);
        return steps;
    }
}
