package io.pgsync.core.mapping;

import io.pgsync.core.catalog.ColumnType;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.document.MetaKeys;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Join;
import io.pgsync.core.tree.TreeNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A column whose values are in {@code _meta}, and by which documents are found.
 *
 * @param entry the name of its object in {@code _meta}
 * @param field the name of its field in that object
 * @param type the type of the values
 */
public record KeyColumn(String entry, String field, ColumnType type) {
    /** All key columns of a tree, in any order, each once for every role of its table. */
    public static List<KeyColumn> of(DocumentTree tree) {
        var columns = new ArrayList<KeyColumn>();
        tree.root().nodes().forEach(node -> add(node, columns));
        return columns.stream().distinct().toList();
    }

    /** The field's path in a document, with dots. */
    public String path() {
        return ColumnMappings.META + "." + entry + "." + field;
    }

    private static void add(TreeNode node, List<KeyColumn> columns) {
        String table = node.table().name().table();
        node.metaColumns().forEach(column -> columns.add(new KeyColumn(table, column, node.typeOf(column))));
        node.join().flatMap(Join::through).ifPresent(through -> add(through, columns));
    }

    private static void add(Join.Through through, List<KeyColumn> columns) {
        TableDefinition table = through.table().table();
        String name = table.name().table();
        for (String column : through.table().key()) {
            ColumnType type = typeOf(table, column);
            if (!through.isKeyless()) {
                columns.add(new KeyColumn(name, column, type));
            }
            if (through.hidesKeys()) {
                columns.add(new KeyColumn(MetaKeys.UNLINKED, MetaKeys.unlinkedField(name, column), type));
            }
        }
    }

    private static ColumnType typeOf(TableDefinition table, String column) {
        return table.column(column)
                .orElseThrow(() -> new IllegalStateException(column + " is not in " + table.name()))
                .type();
    }
}
