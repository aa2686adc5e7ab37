package io.pgsync.core.catalog;

/**
 * A column's type. {@code sqlName} is the output of {@code format_type}, with a schema if necessary, for use in a cast;
 * {@code baseName} is the name in pg_type ({@code int4}, {@code _text}, {@code timestamptz}) of the type under all
 * domains.
 */
public record ColumnType(String sqlName, String baseName, Kind kind) {
    /** The kind of the type under all domains. */
    public enum Kind {
        BASE,
        ARRAY,
        COMPOSITE,
        ENUM,
        RANGE
    }
}
