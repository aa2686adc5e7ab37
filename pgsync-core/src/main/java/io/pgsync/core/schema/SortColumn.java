package io.pgsync.core.schema;

/** One entry of a node's {@code sort}. Nulls come last. */
public record SortColumn(String column, boolean descending) {}
