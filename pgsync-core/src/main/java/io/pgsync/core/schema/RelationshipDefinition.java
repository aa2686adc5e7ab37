package io.pgsync.core.schema;

import io.pgsync.core.change.TableName;
import java.util.List;
import java.util.Optional;

/** {@code relationship} as written. */
public record RelationshipDefinition(
        Cardinality type, Variant variant, Optional<LinkColumns> foreignKey, Optional<TableName> through) {
    /** {@code foreign_key}: the same number of columns on both sides, paired by position. */
    public record LinkColumns(List<String> parent, List<String> child) {
        public LinkColumns {
            parent = List.copyOf(parent);
            child = List.copyOf(child);
        }
    }
}
