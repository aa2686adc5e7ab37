package io.pgsync.core.catalog;

/**
 * A column as pg_attribute describes it.
 *
 * @param number its {@code attnum}, which no other column of the table ever gets, not even a new one of the same name
 */
public record ColumnDefinition(int number, String name, ColumnType type, boolean notNull) {}
