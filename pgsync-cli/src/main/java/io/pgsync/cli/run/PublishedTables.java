package io.pgsync.cli.run;

import io.pgsync.core.change.TableName;
import io.pgsync.core.schema.DocumentTree;
import io.pgsync.core.schema.TableDefinition;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** The tables whose changes concern documents: those of the nodes, through tables, base tables of views, and what inherits from them. */
final class PublishedTables {
    private PublishedTables() {}

    static Set<TableName> of(Collection<DocumentTree> trees) {
        var names = new TreeSet<TableName>();
        trees.stream()
                .flatMap(tree -> tree.tables().stream())
                .flatMap(TableDefinition::loggedNames)
                .forEach(names::add);
        return names;
    }
}
