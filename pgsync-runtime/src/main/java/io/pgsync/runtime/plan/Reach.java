package io.pgsync.runtime.plan;

import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeNode;
import io.pgsync.replication.query.RootCondition;
import java.util.Optional;

/**
 * Which documents a change of a node reaches.
 *
 * @param hasMoves whether fields of one node may stand in another: then every document may be altered
 */
record Reach(DocumentTree tree, boolean hasMoves) {
    /** The documents with something of this node in them. */
    Affected of(TreeNode node) {
        return of(node, Optional.empty());
    }

    /** The documents with a row of this node that matches a condition over the node's columns. */
    Affected of(TreeNode node, Optional<String> row) {
        boolean isRoot = node.join().isEmpty();
        if (hasMoves || (isRoot && row.isEmpty())) {
            return Affected.ALL;
        }
        return Affected.matching(new RootCondition(tree).withRow(node, row));
    }

    /** The documents with something of the node above; of all nodes but the root. */
    Affected above(TreeNode node) {
        return of(tree.root()
                .nodes()
                .filter(parent -> parent.children().contains(node))
                .findFirst()
                .orElse(tree.root()));
    }
}
