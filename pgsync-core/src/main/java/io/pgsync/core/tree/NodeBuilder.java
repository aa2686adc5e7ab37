package io.pgsync.core.tree;

import io.pgsync.core.catalog.KeyText;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.schema.Cardinality;
import io.pgsync.core.schema.NodeDefinition;
import io.pgsync.core.schema.Problems;
import io.pgsync.core.schema.RelationshipDefinition;
import io.pgsync.core.schema.SortColumn;
import io.pgsync.core.schema.Variant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Builds one node and the nodes below it. */
final class NodeBuilder {
    private final TableFinder finder;
    private final Problems problems;

    NodeBuilder(TableFinder finder) {
        this.finder = finder;
        this.problems = finder.problems();
    }

    Optional<TreeNode> root(NodeDefinition definition) {
        return table(definition).map(table -> {
            List<String> key = key(definition, table);
            return node(definition, table, key, key.stream().limit(1).toList(), Optional.empty());
        });
    }

    private List<TreeNode> children(NodeDefinition definition, Optional<TableDefinition> parent) {
        return definition.children().stream()
                .map(child -> child(child, parent))
                .flatMap(Optional::stream)
                .toList();
    }

    /** {@code parent} is empty if it could not be found; the rest is still checked. */
    private Optional<TreeNode> child(NodeDefinition definition, Optional<TableDefinition> parent) {
        return table(definition).map(table -> {
            List<String> key = key(definition, table);
            Optional<FoundJoin> found = parent.flatMap(upper -> new JoinFinder(finder, definition).join(upper, table));
            found.ifPresent(join -> checkTexts(definition, parent.orElseThrow(), table, join.join()));
            List<String> metaColumns =
                    found.flatMap(FoundJoin::referencedByThrough).orElse(key);
            return node(definition, table, key, metaColumns, found.map(FoundJoin::join));
        });
    }

    private Optional<TableDefinition> table(NodeDefinition definition) {
        Optional<TableDefinition> table = finder.table(definition.pointer() + "/table", definition.table());
        if (table.isEmpty()) {
            children(definition, table);
        }
        return table;
    }

    private TreeNode node(
            NodeDefinition definition,
            TableDefinition table,
            List<String> key,
            List<String> metaColumns,
            Optional<Join> join) {
        Optional<RelationshipDefinition> relationship = definition.relationship();
        Variant variant = relationship.map(RelationshipDefinition::variant).orElse(Variant.OBJECT);
        return new TreeNode(
                definition.pointer(),
                table,
                definition.label(),
                fields(definition, table, variant),
                key,
                metaColumns,
                join,
                relationship.map(RelationshipDefinition::type).orElse(Cardinality.ONE_TO_ONE),
                variant,
                baseTables(definition, table),
                definition.where(),
                sort(definition, table),
                definition.limit(),
                definition.transform(),
                children(definition, Optional.of(table)));
    }

    private List<Field> fields(NodeDefinition definition, TableDefinition table, Variant variant) {
        Set<String> hidden = hiddenNames(definition, variant);
        return new FieldParser(finder)
                .fields(definition, table).stream()
                        .filter(field -> !hidden.contains(field.name()))
                        .toList();
    }

    /**
     * Names that the labels of children or the keys replace. A scalar shows no children, so their labels hide nothing.
     */
    private static Set<String> hiddenNames(NodeDefinition definition, Variant variant) {
        Set<String> hidden = new HashSet<>();
        if (variant == Variant.OBJECT) {
            definition.children().forEach(child -> hidden.add(child.label()));
        }
        if (definition.relationship().isEmpty()) {
            hidden.add("_meta");
        }
        return hidden;
    }

    private List<String> key(NodeDefinition definition, TableDefinition table) {
        List<String> key = declaredKey(definition, table);
        checkTexts(definition, table, key.stream());
        return key;
    }

    private List<String> declaredKey(NodeDefinition definition, TableDefinition table) {
        if (!table.primaryKey().isEmpty()) {
            return table.primaryKey().stream().sorted().toList();
        }
        if (definition.primaryKey().isEmpty()) {
            problems.add(
                    definition.pointer(),
                    "\"%s\" has no primary key; add one, or name the columns that identify its rows in \"primary_key\""
                            .formatted(table.name()));
        }
        finder.hasColumns(definition.pointer() + "/primary_key", table, definition.primaryKey());
        return definition.primaryKey();
    }

    private void checkTexts(NodeDefinition definition, TableDefinition parent, TableDefinition table, Join join) {
        for (JoinStep step : join.steps(parent, table)) {
            checkTexts(definition, step.upper(), step.upperColumns().stream());
            checkTexts(definition, step.lower(), step.lowerColumns().stream());
        }
        join.through()
                .map(Join.Through::table)
                .ifPresent(between -> checkTexts(definition, between.table(), between.key().stream()));
    }

    /** Checks the columns whose texts distinguish rows in the log, in queries and in the index. */
    private void checkTexts(NodeDefinition definition, TableDefinition table, Stream<String> columns) {
        columns.distinct()
                .flatMap(column -> table.column(column).stream())
                .filter(column -> !KeyText.isLasting(column.type()))
                .forEach(column -> problems.add(
                        definition.pointer(),
                        "\"%s\" of \"%s\" is of type %s, whose text changes when what it names is renamed, so it cannot be a key or a link; show it cast to oid by a view"
                                .formatted(
                                        column.name(),
                                        table.name(),
                                        column.type().sqlName())));
    }

    private List<TableDefinition> baseTables(NodeDefinition definition, TableDefinition view) {
        var found = new ArrayList<TableDefinition>();
        for (int i = 0; i < definition.baseTables().size(); i++) {
            String pointer = definition.pointer() + "/base_tables/" + i;
            finder.table(pointer, definition.baseTables().get(i)).ifPresent(table -> {
                checkBaseTable(pointer, table, view);
                found.add(table);
            });
        }
        return found;
    }

    private void checkBaseTable(String pointer, TableDefinition table, TableDefinition view) {
        if (!table.kind().hasChanges()) {
            problems.add(
                    pointer,
                    "base table \"%s\" is a view, so its changes are not in the log; name the tables that it reads"
                            .formatted(table.name()));
            return;
        }
        if (table.primaryKey().isEmpty()) {
            problems.add(
                    pointer,
                    "base table \"%s\" has no primary key, so its changes do not say which rows of \"%s\" they are; add one"
                            .formatted(table.name(), view.name()));
        }
        for (String column : table.primaryKey()) {
            if (view.column(column).isEmpty()) {
                problems.add(
                        pointer,
                        "the key column \"%s\" of base table \"%s\" is not in \"%s\"; select it there under the same name"
                                .formatted(column, table.name(), view.name()));
            }
        }
    }

    private List<SortColumn> sort(NodeDefinition definition, TableDefinition table) {
        for (int i = 0; i < definition.sort().size(); i++) {
            finder.hasColumns(
                    definition.pointer() + "/sort/" + i,
                    table,
                    List.of(definition.sort().get(i).column()));
        }
        return definition.sort();
    }
}
