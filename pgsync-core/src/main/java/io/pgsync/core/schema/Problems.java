package io.pgsync.core.schema;

import java.util.ArrayList;
import java.util.List;

/** Gathers what is wrong, so that a user repairs a file once and not once per mistake. Not safe for concurrent use. */
public final class Problems {
    private final List<SchemaProblem> found = new ArrayList<>();

    /** {@code pointer} names the place in the file, as RFC 6901 writes it. */
    public void add(String pointer, String message) {
        found.add(new SchemaProblem(pointer, message));
    }

    /** Takes over problems that were found elsewhere, in their order. */
    public void addAll(List<SchemaProblem> others) {
        found.addAll(others);
    }

    /** So far, in the order in which they were found. */
    public List<SchemaProblem> found() {
        return List.copyOf(found);
    }
}
