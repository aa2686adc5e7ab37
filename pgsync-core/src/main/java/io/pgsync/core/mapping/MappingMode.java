package io.pgsync.core.mapping;

/** The origin of the types of fields that the user did not map. */
public enum MappingMode {
    /** From the types of the columns. */
    TYPES,
    /** From the first values that the engine sees. */
    DYNAMIC
}
