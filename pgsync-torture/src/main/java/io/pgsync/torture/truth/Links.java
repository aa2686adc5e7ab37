package io.pgsync.torture.truth;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.torture.truth.SourceRows.SourceRow;
import io.pgsync.torture.truth.TruthNode.ColumnPairing;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the rows of a node that belong to a row of its parent. */
interface Links {
    /** In the order of the node's list. */
    List<Link> below(SourceRow parent);

    /** A row in a list, and how it came there; without a row, the through row leads nowhere and stands for null. */
    record Link(Optional<SourceRow> through, Optional<SourceRow> row) {}

    static Links of(TruthNode parent, TruthNode node, List<SourceRow> rows, TruthCatalog catalog, SourceRows source)
            throws SQLException {
        if (node.through().isPresent()) {
            return Through.of(parent, node, rows, catalog, source);
        }
        var pairs = node.foreignKey().isEmpty()
                ? catalog.links(parent.table(), node.table()).stream()
                        .flatMap(List::stream)
                        .toList()
                : node.foreignKey();
        var lookup = new Lookup(pairs, rows);
        return row -> lookup.below(row).stream()
                .map(child -> new Link(Optional.empty(), Optional.of(child)))
                .toList();
    }

    /** Rows by what the row above must have. */
    final class Lookup {
        private final List<ColumnPairing> pairs;
        private final Map<List<Object>, List<SourceRow>> rows = new HashMap<>();

        Lookup(List<ColumnPairing> pairs, List<SourceRow> rows) {
            if (pairs.isEmpty()) {
                throw new IllegalArgumentException("Nothing relates the two tables");
            }
            this.pairs = pairs;
            for (var row : rows) {
                keyOf(row, pairs.stream().map(ColumnPairing::below))
                        .ifPresent(key -> this.rows
                                .computeIfAbsent(key, any -> new ArrayList<>())
                                .add(row));
            }
        }

        List<SourceRow> below(SourceRow row) {
            return keyOf(row, pairs.stream().map(ColumnPairing::above))
                    .map(key -> rows.getOrDefault(key, List.of()))
                    .orElse(List.of());
        }

        /** Null equals nothing. */
        private static Optional<List<Object>> keyOf(SourceRow row, Stream<String> columns) {
            var values = columns.map(row::value).toList();
            return values.stream().anyMatch(JsonNode::isNull)
                    ? Optional.empty()
                    : Optional.of(values.stream().map(Lookup::comparable).toList());
        }

        private static Object comparable(JsonNode value) {
            if (value.isNumber()) {
                return value.decimalValue().stripTrailingZeros();
            }
            return value.isContainerNode() ? value.toString() : value.asText();
        }
    }

    /** By way of a through table. */
    record Through(Lookup toThrough, Lookup toNode, Lookup toAnyRow) implements Links {
        private static final Comparator<Link> ORDER =
                Comparator.comparingInt(link -> link.row().map(SourceRow::place).orElse(Integer.MAX_VALUE));

        static Through of(
                TruthNode parent, TruthNode node, List<SourceRow> rows, TruthCatalog catalog, SourceRows source)
                throws SQLException {
            var table = node.through().orElseThrow();
            var upper = catalog.throughLink(parent.table(), table, node.foreignKey("parent"));
            var lower = catalog.throughLink(node.table(), table, node.foreignKey("child")).stream()
                    .map(ColumnPairing::reversed)
                    .toList();
            return new Through(
                    new Lookup(upper, source.ofThrough(table)),
                    new Lookup(lower, rows),
                    new Lookup(lower, source.all(node)));
        }

        @Override
        public List<Link> below(SourceRow parent) {
            return toThrough.below(parent).stream()
                    .flatMap(this::beyond)
                    .sorted(ORDER)
                    .toList();
        }

        private Stream<Link> beyond(SourceRow through) {
            if (toAnyRow.below(through).isEmpty()) {
                return Stream.of(new Link(Optional.of(through), Optional.empty()));
            }
            return toNode.below(through).stream().map(row -> new Link(Optional.of(through), Optional.of(row)));
        }
    }
}
