package io.pgsync.core.tree;

import java.util.List;

/**
 * One field of a node: a column, or a part of a JSON column.
 *
 * @param name the field's name in the document, before any rename
 * @param column the column of its value
 * @param path the steps into the JSON value, in order; empty for a plain column
 */
public record Field(String name, String column, List<JsonStep> path) {
    public Field {
        path = List.copyOf(path);
    }

    /**
     * One operator of a JSON expression. The key of an ELEMENT step is an array index if it has only digits.
     * {@code asText}: the operator with two signs.
     */
    public record JsonStep(Kind kind, String operand, boolean asText) {
        /** The kind of operator. */
        public enum Kind {
            /** {@code ->} or {@code ->>}. */
            ELEMENT,
            /** {@code #>} or {@code #>>}; the operand is the path with its braces. */
            PATH
        }
    }
}
