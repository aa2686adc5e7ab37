package io.pgsync.core.schema;

/** {@code relationship.variant}. */
public enum Variant {
    /** An object of all fields and children. */
    OBJECT,
    /** The value of the first field. */
    SCALAR
}
