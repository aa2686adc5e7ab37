package io.pgsync.core.schema;

/** {@code relationship.type}. */
public enum Cardinality {
    /** One value or null; if several rows match, the first by key. */
    ONE_TO_ONE,
    /** A list, or null if no row matches. */
    ONE_TO_MANY
}
