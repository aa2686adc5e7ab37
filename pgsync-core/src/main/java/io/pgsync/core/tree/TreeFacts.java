package io.pgsync.core.tree;

import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.catalog.ColumnType;
import io.pgsync.core.catalog.Definitions;
import io.pgsync.core.schema.SortColumn;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a tree uses of the columns and constraints of its tables: the part of {@link Definitions} that a catalog has.
 */
public final class TreeFacts {
    private final Catalog now;
    private final Map<String, Set<String>> facts = new HashMap<>();

    private TreeFacts(Catalog now) {
        this.now = now;
    }

    /** {@code now} must have been read for the tables of the tree; objects that are gone have no facts. */
    public static Map<String, Set<String>> of(DocumentTree tree, Catalog now) {
        var facts = new TreeFacts(now);
        tree.root().nodes().forEach(facts::add);
        return Map.copyOf(facts.facts);
    }

    /** The columns of a node's table whose values affect its documents. */
    public static Collection<String> columns(TreeNode node) {
        Stream<String> shown = node.fields().stream().map(Field::column);
        Stream<String> sorted = node.sort().stream().map(SortColumn::column);
        return Stream.of(shown, sorted, node.key().stream(), node.metaColumns().stream())
                .flatMap(columns -> columns)
                .collect(LinkedHashSet::new, Set::add, Set::addAll);
    }

    private void add(TreeNode node) {
        now.table(node.table().name())
                .ifPresent(table -> columns(node)
                        .forEach(name -> table.column(name)
                                .ifPresent(column -> facts.put(
                                        "column \"%s\" of \"%s\"".formatted(name, table.name()),
                                        Set.of(column.number() + " " + look(column.type()))))));
        node.join()
                .flatMap(this::enforced)
                .ifPresent(table ->
                        facts.put("the constraints of \"%s\"".formatted(table), Set.of("each row leads to a row")));
    }

    /**
     * The through table, if constraints guarantee a far row for all its rows; documents then need not keep their keys.
     */
    private Optional<String> enforced(Join join) {
        return join.through()
                .flatMap(through -> now.table(through.table().table().name())
                        .filter(table -> !through.over(table).hidesKeys()))
                .map(table -> table.name().toString());
    }

    private static String look(ColumnType type) {
        return TreeComparison.SAME_LOOK.stream()
                .filter(family -> family.contains(type.baseName()))
                .findFirst()
                .map(family -> String.join(" or ", new TreeSet<>(family)))
                .orElse(type.sqlName());
    }
}
