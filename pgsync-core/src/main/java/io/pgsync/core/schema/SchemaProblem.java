package io.pgsync.core.schema;

/** One thing wrong with a schema file; {@code pointer} is the JSON pointer (RFC 6901) of the place. */
public record SchemaProblem(String pointer, String message) {
    @Override
    public String toString() {
        return (pointer.isEmpty() ? "/" : pointer) + ": " + message;
    }
}
