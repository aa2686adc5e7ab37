package io.pgsync.core.schema;

import java.util.ArrayList;
import java.util.List;

/** Collects all problems, so that a user corrects a file once and not once for each mistake. Not thread-safe. */
public final class Problems {
    private final List<SchemaProblem> found = new ArrayList<>();

    /** {@code pointer}: the place in the file, as in RFC 6901. */
    public void add(String pointer, String message) {
        found.add(new SchemaProblem(pointer, message));
    }

    /** Adds problems that were found elsewhere, in their order. */
    public void addAll(List<SchemaProblem> others) {
        found.addAll(others);
    }

    /** The problems so far, in the order in which they were found. */
    public List<SchemaProblem> found() {
        return List.copyOf(found);
    }
}
