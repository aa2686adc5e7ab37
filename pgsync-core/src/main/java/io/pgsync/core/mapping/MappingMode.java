package io.pgsync.core.mapping;

/** Where the types of fields come from that the user did not map. */
public enum MappingMode {
    /** From the types of the columns. */
    TYPES,
    /** From the first values that the engine sees. */
    DYNAMIC
}
