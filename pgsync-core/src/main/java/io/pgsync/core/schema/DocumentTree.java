package io.pgsync.core.schema;

import java.util.List;
import java.util.Optional;

/**
 * One document definition of schema.json, checked against the catalogue: which rows become which documents of which index.
 *
 * @param routing name of a field of the finished document whose value is the routing
 */
public record DocumentTree(
        String database,
        String index,
        TreeNode root,
        IndexDefinition indexDefinition,
        Optional<String> routing,
        Optional<String> pipeline,
        List<String> plugins) {
    public DocumentTree {
        plugins = List.copyOf(plugins);
    }

    /** Whether documents can hold through rows that {@code _meta} does not list; see {@link Join.Through#hidesKeys()}. */
    public boolean hidesThroughKeys() {
        return hidesThroughKeys(root);
    }

    private static boolean hidesThroughKeys(TreeNode node) {
        return node.join()
                        .filter(join -> join instanceof Join.Through through && through.hidesKeys())
                        .isPresent()
                || node.children().stream().anyMatch(DocumentTree::hidesThroughKeys);
    }
}
