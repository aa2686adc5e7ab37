package io.pgsync.core.schema;

/** A column as pg_attribute describes it. */
public record ColumnDefinition(String name, ColumnType type, boolean notNull) {}
