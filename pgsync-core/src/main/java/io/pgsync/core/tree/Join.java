package io.pgsync.core.tree;

import io.pgsync.core.catalog.ColumnPair;
import io.pgsync.core.catalog.ForeignKey;
import io.pgsync.core.catalog.TableDefinition;
import java.util.List;
import java.util.Optional;

/** How a node's rows belong to a row of its parent. All pairs of a join must be equal (AND). */
public sealed interface Join {
    /** The pairs in which the parent is the upper side. */
    List<ColumnPair> toParent();

    /** The pairs in which the node is the lower side. */
    List<ColumnPair> toNode();

    /** The tables that meet on the way, from the parent down to the node. */
    List<JoinStep> steps(TableDefinition parent, TableDefinition node);

    /** Itself where a through table lies between the two. */
    Optional<Through> through();

    /** The two tables meet directly. */
    record Direct(List<ColumnPair> pairs) implements Join {
        public Direct {
            pairs = List.copyOf(pairs);
        }

        @Override
        public List<ColumnPair> toParent() {
            return pairs;
        }

        @Override
        public List<ColumnPair> toNode() {
            return pairs;
        }

        @Override
        public List<JoinStep> steps(TableDefinition parent, TableDefinition node) {
            return List.of(new JoinStep(node, parent, pairs));
        }

        @Override
        public Optional<Through> through() {
            return Optional.empty();
        }
    }

    /**
     * The two tables meet in a through table. In {@code toParent} the parent is the upper side and the through table the lower; in
     * {@code toNode} the through table is the upper side and the node the lower.
     */
    record Through(ThroughTable table, List<ColumnPair> toParent, List<ColumnPair> toNode) implements Join {
        public Through {
            toParent = List.copyOf(toParent);
            toNode = List.copyOf(toNode);
        }

        @Override
        public List<JoinStep> steps(TableDefinition parent, TableDefinition node) {
            return List.of(new JoinStep(table.table(), parent, toParent), new JoinStep(node, table.table(), toNode));
        }

        @Override
        public Optional<Through> through() {
            return Optional.of(this);
        }

        /** The same by another form of its through table. */
        Through over(TableDefinition other) {
            return new Through(new ThroughTable(other, table.key()), toParent, toNode);
        }

        /** Whether some through rows are looked up by what {@code _meta} does not list. */
        public boolean hidesKeys() {
            return isKeyless() || mayLeadNowhere();
        }

        /** {@code _meta} lists primary keys, so nothing of a table without one. */
        public boolean isKeyless() {
            return table.table().primaryKey().isEmpty();
        }

        /** Whether it does so only because the server does not enforce the constraint of the link; earlier releases took such a one for a proof. */
        public boolean hidesUnenforcedKeys() {
            return !isKeyless() && !isNullable() && !constraints().isEmpty() && mayLeadNowhere();
        }

        /** Whether there can be through rows without a row of the node: the link may be null, or nothing enforces it. */
        private boolean mayLeadNowhere() {
            return isNullable() || constraints().stream().noneMatch(ForeignKey::enforced);
        }

        private boolean isNullable() {
            return link().stream()
                    .flatMap(column -> table.table().column(column).stream())
                    .anyMatch(column -> !column.notNull());
        }

        private List<ForeignKey> constraints() {
            List<String> link = link();
            return table.table().foreignKeys().stream()
                    .filter(constraint -> link.containsAll(constraint.columns())
                            && constraint.columns().containsAll(link))
                    .toList();
        }

        private List<String> link() {
            return toNode.stream().map(ColumnPair::upper).toList();
        }
    }

    /** {@code key}: what its rows are known by: the primary key, or the links where there is none. */
    record ThroughTable(TableDefinition table, List<String> key) {
        public ThroughTable {
            key = List.copyOf(key);
        }
    }
}
