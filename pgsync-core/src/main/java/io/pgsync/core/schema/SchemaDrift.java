package io.pgsync.core.schema;

/**
 * One thing in which the tables, as they are now, do not fit a tree any more that was built when they were otherwise.
 *
 * @param pointer the node of schema.json that is concerned
 * @param what names the table or column, and what became of it
 */
public record SchemaDrift(String index, String pointer, String what) {
    @Override
    public String toString() {
        return "node %s %s".formatted(pointer, what);
    }
}
