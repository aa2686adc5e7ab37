package io.pgsync.core.tree;

import io.pgsync.core.catalog.ColumnPair;
import io.pgsync.core.catalog.ColumnType;
import io.pgsync.core.catalog.Comparability;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.schema.NodeDefinition;
import io.pgsync.core.schema.RelationshipDefinition;
import io.pgsync.core.schema.RelationshipDefinition.LinkColumns;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds out how a node's rows belong to its parent's: by {@code foreign_key}, otherwise by the constraints. */
final class JoinFinder {
    private final TableFinder finder;
    private final NodeDefinition node;
    private final String pointer;

    JoinFinder(TableFinder finder, NodeDefinition node) {
        this.finder = finder;
        this.node = node;
        this.pointer = node.pointer() + "/relationship";
    }

    /** Empty if the tables cannot be joined; the reason is then noted. */
    Optional<FoundJoin> join(TableDefinition parent, TableDefinition table) {
        RelationshipDefinition relationship = node.relationship().orElseThrow();
        if (relationship.through().isPresent()) {
            return finder.table(
                            pointer + "/through_tables/0",
                            relationship.through().get())
                    .flatMap(through -> through(parent, through, table));
        }
        return relationship
                .foreignKey()
                .map(columns -> declared(parent, table, columns))
                .orElseGet(
                        () -> only(Link.between(parent, table), parent, table).map(Link::pairs))
                .map(pairs -> new FoundJoin(new Join.Direct(pairs), Optional.empty()));
    }

    private Optional<List<ColumnPair>> declared(TableDefinition parent, TableDefinition table, LinkColumns columns) {
        String place = pointer + "/foreign_key";
        if (columns.parent().size() != columns.child().size()) {
            finder.problems()
                    .add(
                            place,
                            "pairs %d columns of the parent with %d of the child; give as many of each"
                                    .formatted(
                                            columns.parent().size(),
                                            columns.child().size()));
            return Optional.empty();
        }
        boolean ofParent = finder.hasColumns(place + "/parent", parent, columns.parent());
        boolean ofChild = finder.hasColumns(place + "/child", table, columns.child());
        if (!ofParent || !ofChild) {
            return Optional.empty();
        }
        List<ColumnPair> pairs = Link.pairs(columns.parent(), columns.child());
        return checkTypes(place, parent, table, pairs) ? Optional.of(pairs) : Optional.empty();
    }

    private boolean checkTypes(String place, TableDefinition upper, TableDefinition lower, List<ColumnPair> pairs) {
        List<String> arrays = pairs.stream()
                .flatMap(pair -> loneArray(upper, pair.upper(), lower, pair.lower()).stream())
                .toList();
        arrays.forEach(array -> finder.problems().add(place, array));
        List<ColumnPair> unequal = pairs.stream()
                .filter(pair -> !Comparability.comparable(
                        upper.column(pair.upper()).orElseThrow().type(),
                        lower.column(pair.lower()).orElseThrow().type()))
                .toList();
        unequal.forEach(pair -> finder.problems()
                .add(
                        place,
                        "\"%s\" of \"%s\" and \"%s\" of \"%s\" have types that cannot be compared; pair columns of one type"
                                .formatted(pair.upper(), upper.name(), pair.lower(), lower.name())));
        return arrays.isEmpty() && unequal.isEmpty();
    }

    /** What to do about an array that is paired with a single value. Two arrays can be compared like other values. */
    private static Optional<String> loneArray(
            TableDefinition upper, String upperColumn, TableDefinition lower, String lowerColumn) {
        boolean isUpper = isArray(upper, upperColumn);
        boolean isLower = isArray(lower, lowerColumn);
        if (isUpper == isLower) {
            return Optional.empty();
        }
        return Optional.of(isUpper ? unnested(upper, upperColumn) : unnested(lower, lowerColumn));
    }

    private static boolean isArray(TableDefinition table, String column) {
        return table.column(column).orElseThrow().type().kind() == ColumnType.Kind.ARRAY;
    }

    private static String unnested(TableDefinition table, String column) {
        String others = table.primaryKey().stream()
                .filter(key -> !key.equals(column))
                .map(key -> "\"" + key + "\", ")
                .collect(Collectors.joining());
        return "\"%s\" of \"%s\" is an array, and a link compares equal values; join a view that has a row for each element: SELECT %sunnest(\"%s\") AS \"%s\" FROM %s"
                .formatted(column, table.name(), others, column, column, table.name());
    }

    private Optional<FoundJoin> through(TableDefinition parent, TableDefinition through, TableDefinition table) {
        Optional<LinkColumns> declared = node.relationship().flatMap(RelationshipDefinition::foreignKey);
        List<String> parentColumns = declared.map(LinkColumns::parent).orElse(List.of());
        List<String> childColumns = declared.map(LinkColumns::child).orElse(List.of());
        Optional<Link> toParent = only(new ThroughLinks(through, parent, parentColumns).below(), parent, through);
        Optional<Link> toNode = only(new ThroughLinks(through, table, childColumns).above(), through, table);
        return toParent.flatMap(up -> toNode.map(down -> new FoundJoin(
                new Join.Through(new Join.ThroughTable(through, key(through, up, down)), up.pairs(), down.pairs()),
                Optional.of(down.lowerColumns()).filter(columns -> down.upperReferences()))));
    }

    /** The key of a through table without a primary key consists of its link columns. */
    private static List<String> key(TableDefinition through, Link toParent, Link toNode) {
        Stream<String> columns = through.primaryKey().isEmpty()
                ? Stream.concat(toParent.lowerColumns().stream(), toNode.upperColumns().stream())
                : through.primaryKey().stream();
        return columns.distinct().sorted().toList();
    }

    private Optional<Link> only(List<Link> links, TableDefinition upper, TableDefinition lower) {
        if (links.size() == 1) {
            return Optional.of(links.get(0));
        }
        String names =
                links.stream().map(link -> "\"" + link.constraint() + "\"").collect(Collectors.joining(", "));
        String what = links.isEmpty()
                ? "no foreign key links \"%s\" and \"%s\"; add one, or name the columns: %s"
                        .formatted(upper.name(), lower.name(), remedy())
                : "\"%s\" and \"%s\" are linked by several foreign keys (%s); name the columns of the one that is meant: %s"
                        .formatted(upper.name(), lower.name(), names, remedy());
        finder.problems().add(pointer, what);
        return Optional.empty();
    }

    private String remedy() {
        return node.relationship().flatMap(RelationshipDefinition::through).isPresent()
                ? "\"foreign_key\": {\"parent\": [the through table's columns that meet the parent], \"child\": [its columns that meet the node]}"
                : "\"foreign_key\": {\"parent\": [...], \"child\": [...]}";
    }
}
