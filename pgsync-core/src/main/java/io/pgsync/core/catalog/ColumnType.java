package io.pgsync.core.catalog;

/**
 * A column's type. {@code sqlName} is what {@code format_type} prints with its schema where needed, fit to be cast to;
 * {@code baseName} is the name in pg_type ({@code int4}, {@code _text}, {@code timestamptz}) after domains are unwrapped.
 */
public record ColumnType(String sqlName, String baseName, Kind kind) {
    /** The kind of the unwrapped type. */
    public enum Kind {
        BASE,
        ARRAY,
        COMPOSITE,
        ENUM,
        RANGE
    }
}
