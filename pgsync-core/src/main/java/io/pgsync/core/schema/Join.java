package io.pgsync.core.schema;

import java.util.List;

/** How a node's rows belong to a row of its parent. All pairs of a join must be equal (AND). */
public sealed interface Join {
    /** The two tables meet directly. */
    record Direct(List<ColumnPair> pairs) implements Join {
        public Direct {
            pairs = List.copyOf(pairs);
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
    }

    /** {@code key}: the columns that {@code _meta} lists for it, its primary key. */
    record ThroughTable(TableDefinition table, List<String> key) {
        public ThroughTable {
            key = List.copyOf(key);
        }
    }
}
