package io.pgsync.core.tree;

import io.pgsync.core.catalog.ColumnPair;
import io.pgsync.core.catalog.ForeignKey;
import io.pgsync.core.catalog.TableDefinition;
import java.util.List;
import java.util.Optional;

/** How a node's rows belong to a row of its parent. The columns must be equal in all pairs of a join (AND). */
public sealed interface Join {
    /** The pairs in which the parent is the upper side. */
    List<ColumnPair> toParent();

    /** The pairs in which the node is the lower side. */
    List<ColumnPair> toNode();

    /** The steps between the tables on the way from the parent down to the node. */
    List<JoinStep> steps(TableDefinition parent, TableDefinition node);

    /** The join itself, if a through table lies between the two. */
    Optional<Through> through();

    /** The two tables are joined directly. */
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
     * The two tables are joined by a through table. In {@code toParent} the parent is the upper side and the through
     * table the lower; in {@code toNode} the through table is the upper side and the node the lower.
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

        /** The same join with another form of its through table. */
        Through over(TableDefinition other) {
            return new Through(new ThroughTable(other, table.key()), toParent, toNode);
        }

        /** Whether some through rows are looked up by keys that {@code _meta} does not list. */
        public boolean hidesKeys() {
            return isKeyless() || mayLeadNowhere();
        }

        /** {@code _meta} lists primary keys, so it lists nothing of a table without one. */
        public boolean isKeyless() {
            return table.table().primaryKey().isEmpty();
        }

        /**
         * Whether it hides keys only because the server does not enforce the constraint of the link. Earlier releases
         * took such a constraint for a proof.
         */
        public boolean hidesUnenforcedKeys() {
            return !isKeyless() && !isNullable() && !constraints().isEmpty() && mayLeadNowhere();
        }

        /**
         * Whether there can be through rows without a row of the node, because the link may be null or nothing enforces
         * it.
         */
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

    /** {@code key}: the columns that identify its rows: the primary key, or the links if there is none. */
    record ThroughTable(TableDefinition table, List<String> key) {
        public ThroughTable {
            key = List.copyOf(key);
        }
    }
}
