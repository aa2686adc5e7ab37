package io.pgsync.core.schema;

import io.pgsync.core.change.TableName;
import io.pgsync.core.transform.Transform;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One node of a schema file, as written. The tree that is built from it checks it against the tables.
 *
 * @param columns column expressions; empty for all columns
 * @param relationship empty for the root
 */
public record NodeDefinition(
        String pointer,
        TableName table,
        String label,
        List<String> columns,
        List<String> primaryKey,
        Optional<RelationshipDefinition> relationship,
        List<TableName> baseTables,
        Optional<String> where,
        List<SortColumn> sort,
        OptionalInt limit,
        Transform transform,
        List<NodeDefinition> children) {
    public NodeDefinition {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        baseTables = List.copyOf(baseTables);
        sort = List.copyOf(sort);
        children = List.copyOf(children);
    }

    void addTablesTo(Set<TableName> tables) {
        tables.add(table);
        tables.addAll(baseTables);
        relationship.flatMap(RelationshipDefinition::through).ifPresent(tables::add);
        children.forEach(child -> child.addTablesTo(tables));
    }
}
