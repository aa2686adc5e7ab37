package io.pgsync.core.mapping;

import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Field;
import io.pgsync.core.tree.TreeNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * The fields of a tree whose numbers the engine may return with other digits. If {@code _source.excludes} removes keys
 * from the stored document, the engine writes the document again: 14.90 becomes 14.9, and a number with a fraction and
 * more than 15 digits becomes the nearest double. Only by leaving keys out of the stored source can an index make them
 * searchable without showing them.
 */
public final class RewrittenNumbers {
    private RewrittenNumbers() {}

    /** As {@code "column of schema.table"}; empty if the source is stored unchanged. */
    public static List<String> of(DocumentTree tree) {
        return tree.hidesThroughKeys()
                ? tree.root()
                        .nodes()
                        .flatMap(RewrittenNumbers::columns)
                        .distinct()
                        .toList()
                : List.of();
    }

    private static Stream<String> columns(TreeNode node) {
        return node.fields().stream()
                .filter(field -> mayHaveFractions(node, field))
                .map(field -> field.column() + " of " + node.table().name());
    }

    /** PostgreSQL writes a float in the shortest form of a double, which stays the same. */
    private static boolean mayHaveFractions(TreeNode node, Field field) {
        String name = node.typeOf(field.column()).baseName();
        return name.endsWith("numeric") || FieldType.of(field, node.typeOf(field.column())) == FieldType.DYNAMIC;
    }
}
