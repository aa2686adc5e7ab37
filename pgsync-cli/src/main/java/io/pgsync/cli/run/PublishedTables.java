package io.pgsync.cli.run;

import io.pgsync.core.change.TableName;
import io.pgsync.core.schema.DocumentTree;
import io.pgsync.core.schema.Join;
import io.pgsync.core.schema.TableDefinition;
import io.pgsync.core.schema.TreeNode;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The tables whose changes concern documents: those of the nodes, the through tables, and the base tables of views. */
final class PublishedTables {
    private PublishedTables() {}

    static Set<TableName> of(Collection<DocumentTree> trees) {
        var names = new TreeSet<TableName>();
        trees.stream()
                .flatMap(tree -> below(tree.root()))
                .filter(PublishedTables::hasChanges)
                .forEach(table -> names.add(table.name()));
        return names;
    }

    private static Stream<TableDefinition> below(TreeNode node) {
        Stream<TableDefinition> through = node.join().stream()
                .flatMap(join -> join instanceof Join.Through found
                        ? Stream.of(found.table().table())
                        : Stream.empty());
        Stream<TableDefinition> own = Stream.concat(Stream.of(node.table()), node.baseTables().stream());
        Stream<TableDefinition> children = node.children().stream().flatMap(PublishedTables::below);
        return Stream.of(own, through, children).flatMap(tables -> tables);
    }

    /** Views are changed through their base tables; the others are not logged at all. */
    private static boolean hasChanges(TableDefinition table) {
        return switch (table.kind()) {
            case TABLE, PARTITIONED_TABLE -> true;
            case VIEW, MATERIALIZED_VIEW, FOREIGN_TABLE, UNLOGGED_TABLE -> false;
        };
    }
}
