package io.pgsync.core.tree;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.catalog.ColumnDefinition;
import io.pgsync.core.catalog.ForeignKey;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.change.TableName;
import io.pgsync.core.schema.Cardinality;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One way in which a table may be placed below another.
 *
 * @param name what distinguishes it from the other ways between the two
 * @param parentColumns the columns for {@code foreign_key}; empty if there is only one constraint
 */
record ProposedJoin(
        Cardinality cardinality,
        Optional<TableName> through,
        List<String> parentColumns,
        List<String> childColumns,
        String name) {
    /** The joins by the foreign keys between the two tables, and by those of the link tables among {@code all}. */
    static List<ProposedJoin> between(TableDefinition parent, TableDefinition child, Collection<TableDefinition> all) {
        List<Link> direct = Link.between(parent, child);
        var joins = new ArrayList<ProposedJoin>();
        direct.forEach(link -> joins.add(direct(link, child, direct.size() > 1)));
        all.stream()
                .filter(table -> isLink(table, parent, child))
                .forEach(table -> joins.add(through(table, parent, child)));
        return joins;
    }

    private static ProposedJoin direct(Link link, TableDefinition child, boolean ambiguous) {
        List<String> referencing = link.upperReferences() ? link.upperColumns() : link.lowerColumns();
        boolean single = link.upperReferences() || isUnique(child, link.lowerColumns());
        return new ProposedJoin(
                single ? Cardinality.ONE_TO_ONE : Cardinality.ONE_TO_MANY,
                Optional.empty(),
                ambiguous ? link.upperColumns() : List.of(),
                ambiguous ? link.lowerColumns() : List.of(),
                String.join("_", referencing));
    }

    private static ProposedJoin through(TableDefinition table, TableDefinition parent, TableDefinition child) {
        boolean ambiguous = Link.between(parent, table).size() > 1
                || Link.between(table, child).size() > 1;
        return new ProposedJoin(
                Cardinality.ONE_TO_MANY,
                Optional.of(table.name()),
                ambiguous ? columnsTo(table, parent) : List.of(),
                ambiguous ? columnsTo(table, child) : List.of(),
                table.name().table());
    }

    private static List<String> columnsTo(TableDefinition table, TableDefinition target) {
        return table.foreignKeys().stream()
                .filter(key -> key.references().equals(target.name()))
                .findFirst()
                .orElseThrow()
                .columns();
    }

    /** Whether the table only links the two: it has two references, its key, and nothing else. */
    static boolean isLink(TableDefinition table, TableDefinition one, TableDefinition other) {
        List<TableName> targets =
                table.foreignKeys().stream().map(ForeignKey::references).toList();
        Set<String> linking = new HashSet<>(table.primaryKey());
        table.foreignKeys().forEach(key -> linking.addAll(key.columns()));
        return targets.size() == 2
                && !one.name().equals(other.name())
                && targets.containsAll(List.of(one.name(), other.name()))
                && table.columns().stream().map(ColumnDefinition::name).allMatch(linking::contains);
    }

    private static boolean isUnique(TableDefinition table, List<String> columns) {
        Stream<List<String>> unique = table.indexes().stream()
                .filter(TableDefinition.TableIndex::unique)
                .map(TableDefinition.TableIndex::columns);
        return Stream.concat(Stream.of(table.primaryKey()), unique)
                .anyMatch(key -> !key.isEmpty() && columns.containsAll(key));
    }

    /** {@code schema}: the schema of the node, in which a through table is expected. */
    ObjectNode relationship(String schema) {
        ObjectNode relationship = JsonNodeFactory.instance.objectNode();
        relationship.put("variant", "object").put("type", cardinality.name().toLowerCase(Locale.ROOT));
        through.ifPresent(table -> relationship
                .putArray("through_tables")
                .add(table.schema().equals(schema) ? table.table() : table.schema() + "." + table.table()));
        if (!parentColumns.isEmpty()) {
            ObjectNode foreignKey = relationship.putObject("foreign_key");
            foreignKey.set("parent", texts(parentColumns));
            foreignKey.set("child", texts(childColumns));
        }
        return relationship;
    }

    private static ArrayNode texts(List<String> values) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        values.forEach(array::add);
        return array;
    }
}
