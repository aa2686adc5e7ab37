package io.pgsync.core.catalog;

/**
 * A column as pg_attribute describes it.
 *
 * @param number its {@code attnum}, which no other column of the table ever has, not even one of the same name after it was dropped
 */
public record ColumnDefinition(int number, String name, ColumnType type, boolean notNull) {}
