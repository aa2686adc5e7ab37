package io.pgsync.core.mapping;

import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Field;
import io.pgsync.core.tree.TreeNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * The fields of a tree that the engine may not give back digit by digit. Where {@code _source.excludes} leaves keys out of the stored
 * document, the engine writes the document anew: 14.90 becomes 14.9, and a number with a fraction and more than 15 digits the nearest double.
 * There is no place of an index that a search finds and a document does not show but for what the source had.
 */
public final class RewrittenNumbers {
    private RewrittenNumbers() {}

    /** As {@code "column of schema.table"}; empty where the source is stored as it is sent. */
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

    /** What PostgreSQL writes of a float is a double's shortest form, which stays. */
    private static boolean mayHaveFractions(TreeNode node, Field field) {
        String name = node.typeOf(field.column()).baseName();
        return name.endsWith("numeric") || FieldType.of(field, node.typeOf(field.column())) == FieldType.DYNAMIC;
    }
}
